from django.urls import path

from dashboards.comparison import views

urlpatterns = [
    path("dasbor/banding/", views.compare, name="compare"),
]
