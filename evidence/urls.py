from django.urls import path

from evidence import views
from evidence.signatures import views as signature_views

app_name = "evidence"
urlpatterns = [
    path("audit/segel/", views.health, name="health"),
    path("audit/segel/periksa/", views.verify, name="verify"),
    path("audit/segel/<int:pk>/stempel/", views.token, name="token"),
    path("tanda-tangan/siapkan/", signature_views.prepare, name="prepare-signature"),
    path("tanda-tangan/<int:pk>/", signature_views.signature, name="signature"),
    path("tanda-tangan/<int:pk>/batalkan/", signature_views.withdraw, name="withdraw-signature"),
    path("tanda-tangan/<int:pk>/pastikan/", signature_views.settle, name="settle-signature"),
    path("tanda-tangan/<int:pk>/berkas/", signature_views.file, name="signature-file"),
    path("verifikasi/ttd/<slug:code>/", signature_views.public_page, name="signature-of"),
]
