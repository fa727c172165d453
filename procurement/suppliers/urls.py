from django.urls import path

from procurement.suppliers import views

urlpatterns = [
    path("penyedia/", views.suppliers, name="suppliers"),
    path("penyedia/baru/", views.new_supplier, name="new-supplier"),
    path("penyedia/saran/", views.suggestions, name="supplier-suggestions"),
    path("penyedia/<int:pk>/", views.supplier, name="supplier"),
    path("penyedia/<int:pk>/ubah/", views.edit_supplier, name="edit-supplier"),
    path("penyedia/<int:pk>/gabung/", views.merge_supplier, name="merge-supplier"),
    path("penyedia/orang/<int:pk>/buka/", views.unmask_person, name="unmask-person"),
]
