from django.urls import path

from datasources.catalogue import views

urlpatterns = [
    path("acuan/sumber/baru/", views.edit_source, name="new-source"),
    path("acuan/sumber/<int:pk>/", views.source, name="source"),
    path("acuan/sumber/<int:pk>/ubah/", views.edit_source, name="edit-source"),
    path("acuan/sumber/<int:pk>/katalog/", views.refresh_catalogue, name="refresh-catalogue"),
    path("acuan/sumber/<int:pk>/katalog/keadaan/", views.catalogue_state, name="catalogue-state"),
    path("acuan/sumber/<int:pk>/seri-baru/", views.new_series, name="new-series"),
]
