from django.urls import path

from dashboards.overview import views

urlpatterns = [
    path("dasbor/", views.overview, name="overview"),
    path("dasbor/program/", views.standings, name="standings"),
]
