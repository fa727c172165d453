from django.urls import path

from dashboards.regions import views

urlpatterns = [
    path("dasbor/peta/", views.region_map, name="map"),
]
