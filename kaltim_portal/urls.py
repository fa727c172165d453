"""Every address of the portal. Paths are Indonesian, as its users type them; names are English, as the code says
them."""

from django.contrib import admin
from django.urls import include, path
from rest_framework.routers import DefaultRouter

from accounts.api import AgencyViewSet
from core.api import ApiRootView
from dashboards.finding.api import SearchViewSet
from datasources.series.api import ObservationViewSet, SeriesViewSet
from kaltim_portal import offline, views
from procurement.packages.api import PackageViewSet
from programs.registration.api import NomenclatureViewSet, ProgramViewSet
from programs.reports.api import ReportViewSet
from spm.api import IndexViewSet, ServiceKindViewSet


class PortalRouter(DefaultRouter):
    APIRootView = ApiRootView
    include_format_suffixes = False


router = PortalRouter()
router.register("agencies", AgencyViewSet, "api-agency")
router.register("nomenclature", NomenclatureViewSet, "api-nomenclature")
router.register("services", ServiceKindViewSet, "api-service")
router.register("spm-index", IndexViewSet, "api-spm-index")
router.register("series", SeriesViewSet, "api-series")
router.register("observations", ObservationViewSet, "api-observation")
router.register("programs", ProgramViewSet, "api-program")
router.register("reports", ReportViewSet, "api-report")
router.register("search", SearchViewSet, "api-search")
router.register("packages", PackageViewSet, "api-package")

urlpatterns = [
    path("", include("dashboards.urls")),
    path("", include("accounts.urls")),
    path("", include("accounts.sign_in.urls")),
    path("", include("programs.urls")),
    path("", include("procurement.urls")),
    path("", include("datasources.urls")),
    path("", include("uploads.urls")),
    path("", include("spm.urls")),
    path("", include("public_services.urls")),
    path("", include("evidence.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include(router.urls)),
    path("api/v1/schema/", views.ApiSchemaView.as_view(), name="api-schema"),
    path("api/", views.api_reference, name="api-reference"),
    path("komponen/", views.components, name="components"),
    path("sw.js", offline.service_worker, name="service-worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("luring/", offline.offline, name="offline"),
    path("sehat/", views.health, name="health"),
    path("formulir/token/", views.form_token, name="form-token"),
]
handler500 = "core.errors.server_error"
handler400 = "core.errors.bad_request"
handler403 = "core.errors.permission_denied"
handler404 = "core.errors.page_not_found"
