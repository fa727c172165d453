from django.urls import path

from accounts.trail import views

urlpatterns = [
    path("jejak/", views.trail, name="trail"),
    path("jejak/unduh/", views.trail_file, name="trail-file"),
]
