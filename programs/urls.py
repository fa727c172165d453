from django.urls import include, path

app_name = "programs"
urlpatterns = [
    path("", include("programs.registration.urls")),
    path("", include("programs.reports.urls")),
    path("", include("programs.validation.urls")),
]
