from django.urls import path

from datasources import upload_views, views

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
    path("unggahan/", upload_views.upload_list, name="uploads"),
    path("unggahan/<int:pk>/", upload_views.upload, name="upload"),
    path("unggahan/<int:pk>/kolom/", upload_views.assign_columns, name="assign-columns"),
    path("unggahan/<int:pk>/terapkan/", upload_views.apply_upload, name="apply-upload"),
    path("unggahan/<int:pk>/batal/", upload_views.discard_upload, name="discard-upload"),
    path("unggahan/<int:pk>/berkas/", upload_views.upload_file, name="upload-file"),
    path("unggahan/<int:pk>/bertanda/", upload_views.marked_workbook, name="marked-workbook"),
]
