from django.urls import path

from procurement.declarations import views

urlpatterns = [
    path("pernyataan/tahunan/", views.declare_for_year, name="declare-year"),
    path("pernyataan/keterangan-saya/", views.particulars, name="particulars"),
    path("pernyataan/register/", views.register, name="register"),
    path("pernyataan/register/unduh/", views.export_register, name="export-register"),
    path("pernyataan/", views.declarations, name="declarations"),
    path("pernyataan/isi/<int:pk>/", views.declare, name="declare"),
    path("pernyataan/<int:pk>/", views.declaration, name="declaration"),
    path("pernyataan/<int:pk>/putusan/", views.decide, name="decide-declaration"),
    path("pernyataan/kepentingan/<int:pk>/buka/", views.unmask, name="unmask"),
]
