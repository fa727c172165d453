from django.urls import path

from dashboards.early_warnings import views

urlpatterns = [
    path("peringatan/", views.warnings, name="warnings"),
    path("peringatan/ketepatan/", views.hit_rate, name="hit-rate"),
    path("peringatan/<int:pk>/senyap/", views.silence, name="silence-warning"),
]
