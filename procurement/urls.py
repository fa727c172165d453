from django.urls import include, path

app_name = "procurement"
urlpatterns = [
    path("", include("procurement.audit.urls")),
    path("", include("procurement.contracts.urls")),
    path("", include("procurement.declarations.urls")),
    path("", include("procurement.leads.urls")),
    path("", include("procurement.ocds.urls")),
    path("", include("procurement.packages.urls")),
    path("", include("procurement.privacy.urls")),
    path("", include("procurement.red_flags.urls")),
    path("", include("procurement.suppliers.urls")),
]
