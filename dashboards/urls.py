from django.urls import include, path

urlpatterns = [
    path("", include("dashboards.agencies.urls")),
    path("", include("dashboards.briefings.urls")),
    path("", include("dashboards.comparison.urls")),
    path("", include("dashboards.data_quality.urls")),
    path("", include("dashboards.directives.urls")),
    path("", include("dashboards.early_warnings.urls")),
    path("", include("dashboards.finding.urls")),
    path("", include("dashboards.guides.urls")),
    path("", include("dashboards.home.urls")),
    path("", include("dashboards.overview.urls")),
    path("", include("dashboards.public.urls")),
    path("", include("dashboards.regions.urls")),
    path("", include("dashboards.spm.urls")),
]
