from django.urls import path

from procurement.ocds import views

urlpatterns = [
    path("ocds/rilis/", views.release_package, name="ocds-releases"),
    path("ocds/rekaman/", views.record_package, name="ocds-records"),
    path("ocds/rilis.jsonl", views.bulk, name="ocds-bulk"),
]
