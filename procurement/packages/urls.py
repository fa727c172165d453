from django.urls import path

from procurement.packages import views

urlpatterns = [
    path("pengadaan/", views.packages, name="packages"),
    path("pengadaan/baru/", views.new_package, name="new-package"),
    path("pengadaan/cek-metode/", views.check_method, name="check-method"),
    path("pengadaan/<int:pk>/", views.package, name="package"),
    path("pengadaan/<int:pk>/ubah/", views.edit_package, name="edit-package"),
    path("pengadaan/<int:pk>/pejabat/", views.assign_officer, name="assign-officer"),
    path("pengadaan/<int:pk>/langkah-mundur/", views.step_back, name="step-back"),
    path("pengadaan/<int:pk>/langkah/", views.move_package, name="move-package"),
    path("pengadaan/pejabat/<int:pk>/lepas/", views.remove_officer, name="remove-officer"),
    path("pengadaan/<int:pk>/lewati/", views.override_gate, name="override-gate"),
    path("pengadaan/pejabat/<int:pk>/ganti/", views.replace_officer, name="replace-officer"),
]
