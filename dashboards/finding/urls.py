from django.urls import path

from dashboards.finding import views

urlpatterns = [path("cari/", views.search, name="search")]
