from django.urls import path

from procurement.contracts import views

urlpatterns = [
    path("pengadaan/<int:pk>/kontrak/", views.contracting_page, name="contracting"),
    path("pengadaan/<int:pk>/pemilihan/", views.save_selection, name="save-selection"),
    path("pengadaan/<int:pk>/penawaran/", views.save_offer, name="save-offer"),
    path("pengadaan/penawaran/<int:pk>/hapus/", views.remove_offer, name="remove-offer"),
    path("pengadaan/<int:pk>/pemenang/", views.decide_award, name="decide-award"),
    path("pengadaan/pemenang/<int:pk>/batal/", views.cancel_award, name="cancel-award"),
    path("pengadaan/<int:pk>/kontrak/simpan/", views.sign_contract, name="sign-contract"),
    path("pengadaan/kontrak/<slug:what>/<int:pk>/perbaiki/", views.correct_following, name="correct-following"),
    path("pengadaan/kontrak/<int:pk>/<slug:what>/", views.follow_contract, name="follow-contract"),
]
