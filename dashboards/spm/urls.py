from django.urls import path

from dashboards.spm import gap_views, views

urlpatterns = [
    path("spm/", views.spm, name="spm"),
    path("spm/unduh/", views.download, name="spm-download"),
    path("spm/laporan/", views.report, name="spm-report"),
    path("spm/celah/<int:pk>/<str:region>/<str:period>/", gap_views.gap, name="spm-gap"),
]
