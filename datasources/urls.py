from django.urls import path

from datasources import views

app_name = "datasources"
urlpatterns = [
    path("acuan/", views.series_list, name="series-list"),
    path("acuan/seri/baru/", views.edit_series, name="new-series"),
    path("acuan/seri/<int:pk>/", views.series, name="series"),
    path("acuan/seri/<int:pk>/ubah/", views.edit_series, name="edit-series"),
    path("acuan/seri/<int:pk>/tarik/", views.pull_now, name="pull-now"),
    path("acuan/tarikan/<int:pk>/", views.pull, name="pull"),
    path("acuan/angka/<int:pk>/", views.figure_history, name="figure-history"),
    path("acuan/jawaban/<int:pk>/", views.payload, name="payload"),
    path("acuan/sumber/baru/", views.edit_source, name="new-source"),
    path("acuan/sumber/<int:pk>/ubah/", views.edit_source, name="edit-source"),
]
