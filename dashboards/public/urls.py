from django.urls import path

from dashboards.public import views

urlpatterns = [
    path("publik/", views.public_page, name="public-page"),
    path("publik/kamus/", views.open_dictionary, name="open-dictionary"),
    path("publik/data/<slug:name>.csv", views.open_csv, name="open-csv"),
    path("publik/data/<slug:name>.json", views.open_json, name="open-json"),
]
