"""Addresses that django-allauth leads to by these names."""

from django.urls import path, re_path

from accounts.sign_in import views
from accounts.sso.views import sso_return

urlpatterns = [
    path("masuk/", views.sign_in, name="account_login"),
    path("keluar/", views.sign_out, name="account_logout"),
    path("masuk/kunci/", views.sign_in_by_key, name="mfa_login_webauthn"),
    path("masuk/lupa/", views.ask_for_link, name="account_reset_password"),
    re_path(
        r"^masuk/tautan/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.choose_password,
        name="account_reset_password_from_key",
    ),
    path("masuk/sso/kembali/", sso_return, kwargs={"provider_id": "sso"}, name="openid_connect_callback"),
    path("masuk/kode/", views.second_step, name="mfa_authenticate"),
    path("masuk/kode/pasang/", views.second_factor_setup, name="mfa_activate_totp"),
    path("akun/faktor-kedua/", views.second_factors, name="mfa_index"),
    path("akun/faktor-kedua/kode/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("akun/faktor-kedua/kode/baru/", views.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("akun/faktor-kedua/kunci/", views.add_key, name="mfa_add_webauthn"),
    path("akun/faktor-kedua/kunci/<int:pk>/hapus/", views.remove_key, name="mfa_remove_webauthn"),
]
