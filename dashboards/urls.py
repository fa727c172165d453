from django.urls import path

from dashboards import directive_views, map_views, quality_views, spm_gap_views, spm_views, views, warning_views

urlpatterns = [
    path("", views.home, name="home"),
    path("dasbor/", views.overview, name="overview"),
    path("dasbor/peta/", map_views.region_map, name="map"),
    path("dasbor/banding/", map_views.compare, name="compare"),
    path("dasbor/program/", views.standings, name="standings"),
    path("dasbor/opd/<int:pk>/", views.agency, name="agency-page"),
    path("spm/", spm_views.spm, name="spm"),
    path("spm/unduh/", spm_views.download, name="spm-download"),
    path("spm/laporan/", spm_views.report, name="spm-report"),
    path("spm/celah/<int:pk>/<str:region>/<str:period>/", spm_gap_views.gap, name="spm-gap"),
    path("mutu-data/", quality_views.data_quality, name="data-quality"),
    path("peringatan/", warning_views.warnings, name="warnings"),
    path("peringatan/ketepatan/", warning_views.hit_rate, name="hit-rate"),
    path("peringatan/<int:pk>/senyap/", warning_views.silence, name="silence-warning"),
    path("arahan/", directive_views.directive_list, name="directives"),
    path("arahan/baru/", directive_views.new_directive, name="new-directive"),
    path("arahan/<int:pk>/", directive_views.directive, name="directive"),
    path("arahan/<int:pk>/jawab/", directive_views.answer, name="answer-directive"),
    path("arahan/bukti/<int:pk>/", directive_views.evidence, name="directive-evidence"),
    path("cari/", views.search, name="search"),
]
