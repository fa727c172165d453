from django.urls import path

from procurement.leads import views

urlpatterns = [
    path("pengadaan/<int:pk>/keterkaitan/", views.connections, name="connections"),
    path("petunjuk/", views.leads, name="leads"),
    path("petunjuk/<int:pk>/", views.lead, name="lead"),
    path("petunjuk/<int:pk>/tinjau/", views.review, name="review-lead"),
]
