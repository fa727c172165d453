from django.urls import path

from procurement import audit_views, declaration_views, views

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
]
