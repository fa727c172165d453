from django.urls import path

from dashboards.data_quality import views

urlpatterns = [
    path("mutu-data/", views.data_quality, name="data-quality"),
]
