from django.urls import path

from dashboards import quality_views, spm_gap_views, spm_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("dasbor/", views.overview, name="overview"),
    path("spm/", spm_views.spm, name="spm"),
    path("spm/unduh/", spm_views.download, name="spm-download"),
    path("spm/laporan/", spm_views.report, name="spm-report"),
    path("spm/celah/<int:pk>/<str:region>/<str:period>/", spm_gap_views.gap, name="spm-gap"),
    path("mutu-data/", quality_views.data_quality, name="data-quality"),
    path("cari/", views.search, name="search"),
]
