from django.urls import path

from public_services import views

app_name = "public_services"
urlpatterns = [
    path("layanan/", views.service_list, name="services"),
    path("layanan/peringkat/", views.rank, name="ranking"),
    path("layanan/baru/", views.new_service, name="new-service"),
    path("layanan/<int:pk>/", views.service, name="service"),
    path("layanan/<int:pk>/ubah/", views.edit_service, name="edit-service"),
    path("layanan/<int:pk>/prosedur/", views.edit_procedure, name="procedure"),
    path("layanan/usulan/<int:pk>/putusan/", views.decide, name="decide-proposal"),
    path("layanan/usulan/<int:pk>/tarik/", views.withdraw, name="withdraw-proposal"),
]
