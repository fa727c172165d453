from django.urls import path

from procurement.audit import views

urlpatterns = [
    path("audit/pengadaan/", views.procurement_report, name="audit-report"),
    path("audit/pengadaan/unduh/", views.export, name="audit-export"),
    path("audit/pengadaan/saringan/", views.save_filters, name="save-filters"),
    path("audit/berkas/<int:pk>/", views.file_state, name="audit-file"),
    path("audit/berkas/<int:pk>/unduh/", views.fetch, name="audit-fetch"),
    path("verifikasi/", views.verify_file, name="verify-file"),
]
