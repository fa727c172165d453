from django.urls import path

from uploads import views

app_name = "uploads"
urlpatterns = [
    path("unggahan/", views.upload_list, name="uploads"),
    path("unggahan/<int:pk>/", views.upload, name="upload"),
    path("unggahan/<int:pk>/kolom/", views.assign_columns, name="assign-columns"),
    path("unggahan/<int:pk>/terapkan/", views.apply_upload, name="apply-upload"),
    path("unggahan/<int:pk>/tarik-kembali/", views.undo_upload, name="undo-upload"),
    path("unggahan/<int:pk>/batal/", views.discard_upload, name="discard-upload"),
    path("unggahan/<int:pk>/berkas/", views.upload_file, name="upload-file"),
    path("unggahan/<int:pk>/bertanda/", views.marked_workbook, name="marked-workbook"),
]
