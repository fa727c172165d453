from django.urls import path

from datasources import steward_views, views

app_name = "datasources"
urlpatterns = [
    path("acuan/", views.series_list, name="series-list"),
    path("acuan/seri/<int:pk>/", views.series, name="series"),
    path("acuan/seri/<int:pk>/ubah/", steward_views.edit_series, name="edit-series"),
    path("acuan/seri/<int:pk>/siapkan/", steward_views.setup, name="setup"),
    path("acuan/seri/<int:pk>/coba/", steward_views.try_series, name="try-series"),
    path("acuan/seri/<int:pk>/wilayah/", steward_views.map_regions, name="map-regions"),
    path("acuan/seri/<int:pk>/saklar/", steward_views.switch_series, name="switch-series"),
    path("acuan/seri/<int:pk>/tarik/", steward_views.pull_now, name="pull-now"),
    path("acuan/seri/<int:pk>/berkas/", steward_views.hand_in, name="hand-in"),
    path("acuan/seri/<int:pk>/versi/", views.versions, name="versions"),
    path("acuan/seri/<int:pk>/lepas/", steward_views.release_series, name="release-series"),
    path("acuan/tarikan/<int:pk>/", views.pull, name="pull"),
    path("acuan/tarikan/<int:pk>/kembali/", steward_views.roll_back_series, name="roll-back"),
    path("acuan/angka/<int:pk>/", views.figure_history, name="figure-history"),
    path("acuan/jawaban/<int:pk>/", views.payload, name="payload"),
    path("acuan/sumber/baru/", steward_views.edit_source, name="new-source"),
    path("acuan/sumber/<int:pk>/", steward_views.source, name="source"),
    path("acuan/sumber/<int:pk>/ubah/", steward_views.edit_source, name="edit-source"),
    path("acuan/sumber/<int:pk>/katalog/", steward_views.refresh_catalogue, name="refresh-catalogue"),
    path("acuan/sumber/<int:pk>/katalog/keadaan/", steward_views.catalogue_state, name="catalogue-state"),
    path("acuan/sumber/<int:pk>/seri-baru/", steward_views.new_series, name="new-series"),
    path("acuan/jadwal/", steward_views.schedule_list, name="schedule"),
    path("acuan/jadwal/<int:pk>/", steward_views.edit_schedule, name="edit-schedule"),
]
