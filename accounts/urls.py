from django.urls import include, path

from accounts import delegation_views, views

app_name = "accounts"
urlpatterns = [
    path("masuk/", views.sign_in, name="sign-in"),
    path("keluar/", views.sign_out, name="sign-out"),
    path("masuk/kode/", views.second_factor, name="second-factor"),
    path("masuk/kode/pasang/", views.second_factor_setup, name="second-factor-setup"),
    path("akun/", views.account, name="account"),
    path("akun/pemberitahuan/", views.notices, name="notices"),
    path("akun/pelimpahan/", delegation_views.delegations, name="delegations"),
    path("", include("accounts.trail.urls")),
    path("beralih/", views.switch_workspace, name="switch-workspace"),
]
