from django.urls import path

from dashboards import views

urlpatterns = [
    path("", views.home, name="home"),
    path("dasbor/", views.overview, name="overview"),
    path("cari/", views.search, name="search"),
]
