from django.urls import path

from dashboards import quality_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("dasbor/", views.overview, name="overview"),
    path("mutu-data/", quality_views.data_quality, name="data-quality"),
    path("cari/", views.search, name="search"),
]
