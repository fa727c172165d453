from django.urls import include, path

app_name = "datasources"
urlpatterns = [
    path("", include("datasources.catalogue.urls")),
    path("", include("datasources.pulls.urls")),
    path("", include("datasources.series.urls")),
]
