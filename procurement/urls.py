from django.urls import path

from procurement import audit_views, declaration_views, flag_views, lead_views, ocds_views, views

app_name = "procurement"
urlpatterns = [
    path("pengadaan/", views.packages, name="packages"),
    path("pengadaan/baru/", views.new_package, name="new-package"),
    path("pengadaan/<int:pk>/", views.package, name="package"),
    path("pengadaan/<int:pk>/ubah/", views.edit_package, name="edit-package"),
    path("pengadaan/<int:pk>/pejabat/", views.assign_officer, name="assign-officer"),
    path("pengadaan/<int:pk>/langkah/", views.move_package, name="move-package"),
    path("pengadaan/pejabat/<int:pk>/lepas/", views.remove_officer, name="remove-officer"),
    path("pernyataan/", declaration_views.declarations, name="declarations"),
    path("pernyataan/isi/<int:pk>/", declaration_views.declare, name="declare"),
    path("pernyataan/<int:pk>/", declaration_views.declaration, name="declaration"),
    path("pernyataan/<int:pk>/putusan/", declaration_views.decide, name="decide-declaration"),
    path("pernyataan/kepentingan/<int:pk>/buka/", declaration_views.unmask, name="unmask"),
    path("audit/pengadaan/", audit_views.procurement_report, name="audit-report"),
    path("audit/pengadaan/unduh/", audit_views.export, name="audit-export"),
    path("audit/pengadaan/saringan/", audit_views.save_filters, name="save-filters"),
    path("audit/berkas/<int:pk>/", audit_views.file_state, name="audit-file"),
    path("audit/berkas/<int:pk>/unduh/", audit_views.fetch, name="audit-fetch"),
    path("verifikasi/", audit_views.verify_file, name="verify-file"),
    path("pengadaan/<int:pk>/lewati/", views.override_gate, name="override-gate"),
    path("pengadaan/<int:pk>/keterkaitan/", lead_views.connections, name="connections"),
    path("bendera/", flag_views.flags, name="flags"),
    path("bendera/<int:pk>/kesampingkan/", flag_views.suppress, name="suppress-flag"),
    path("bendera/uji/", flag_views.back_test, name="back-test"),
    path("petunjuk/", lead_views.leads, name="leads"),
    path("petunjuk/<int:pk>/", lead_views.lead, name="lead"),
    path("petunjuk/<int:pk>/tinjau/", lead_views.review, name="review-lead"),
    path("ocds/rilis/", ocds_views.release_package, name="ocds-releases"),
    path("ocds/rekaman/", ocds_views.record_package, name="ocds-records"),
    path("ocds/rilis.jsonl", ocds_views.bulk, name="ocds-bulk"),
]
