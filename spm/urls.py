from django.urls import path

from spm import views

app_name = "spm"
urlpatterns = [
    path("spm/isian/", views.entry_start, name="entry-start"),
    path("spm/isian/<int:pk>/<str:period>/", views.entry, name="entry"),
    path("spm/isian/<int:pk>/<str:period>/sebelumnya/", views.entry_before, name="entry-before"),
    path("spm/hitungan/<int:pk>/<str:region>/<str:period>/", views.computation, name="computation"),
    path("spm/tahapan/<int:pk>/", views.stages, name="stages"),
    path("spm/tahapan/<int:pk>/<int:item>/", views.mark_stage, name="mark-stage"),
]
