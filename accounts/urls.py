from django.urls import include, path

from accounts import delegation_views, views
from accounts.agencies import views as agencies
from accounts.device_resets import views as device_resets
from accounts.drafts import views as drafts
from accounts.regulations import views as regulations
from accounts.sign_in import views as sign_in
from accounts.sso import views as sso
from accounts.tokens import views as tokens

app_name = "accounts"
urlpatterns = [
    path("masuk/ulang/", sign_in.sign_in_again, name="sign-in-again"),
    path("masuk/kode/tautan/", sign_in.enrolment, name="enrolment"),
    path("masuk/kode/tautan/<str:key>/", sign_in.enrol, name="enrol"),
    path("masuk/sso/", sso.sso_sign_in, name="sso-sign-in"),
    path("akun/", views.account, name="account"),
    path("akun/konfirmasi/", views.confirm, name="confirm"),
    path("akun/pemberitahuan/", views.notices, name="notices"),
    path("akun/pelimpahan/", delegation_views.delegations, name="delegations"),
    path("akun/token/", tokens.tokens, name="tokens"),
    path("akun/token/cabut/", tokens.revoke, name="revoke-token"),
    path("konsep/", drafts.drafts, name="drafts"),
    path("konsep/<int:pk>/", drafts.draft, name="draft"),
    path("akun/perangkat-hilang/", device_resets.device_resets, name="device-resets"),
    path("akun/perangkat-hilang/<int:pk>/", device_resets.decide_device_reset, name="decide-device-reset"),
    path("acuan/opd/", agencies.agency_list, name="agencies"),
    path("acuan/opd/<int:pk>/", agencies.agency, name="agency"),
    path("acuan/opd/<int:pk>/<str:kind>/", agencies.change_agency, name="change-agency"),
    path("acuan/peraturan/", regulations.regulation_list, name="regulations"),
    path("acuan/peraturan/<slug:key>/", regulations.regulation, name="regulation"),
    path("acuan/unit-sso/", sso.units, name="units"),
    path("", include("accounts.trail.urls")),
    path("beralih/", views.switch_workspace, name="switch-workspace"),
]
