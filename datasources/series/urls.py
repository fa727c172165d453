from django.urls import path

from datasources.series import edit_views, views

urlpatterns = [
    path("acuan/", views.series_list, name="series-list"),
    path("acuan/seri/<int:pk>/", views.series, name="series"),
    path("acuan/seri/<int:pk>/ubah/", edit_views.edit_series, name="edit-series"),
    path("acuan/seri/<int:pk>/siapkan/", edit_views.setup, name="setup"),
    path("acuan/seri/<int:pk>/coba/", edit_views.try_series, name="try-series"),
    path("acuan/seri/<int:pk>/wilayah/", edit_views.map_regions, name="map-regions"),
    path("acuan/seri/<int:pk>/saklar/", edit_views.switch_series, name="switch-series"),
    path("acuan/seri/<int:pk>/versi/", views.versions, name="versions"),
    path("acuan/seri/<int:pk>/lepas/", edit_views.release_series, name="release-series"),
    path("acuan/tarikan/<int:pk>/kembali/", edit_views.roll_back_series, name="roll-back"),
    path("acuan/angka/<int:pk>/", views.figure_history, name="figure-history"),
]
