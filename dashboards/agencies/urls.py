from django.urls import path

from dashboards.agencies import views

urlpatterns = [
    path("dasbor/opd/<int:pk>/", views.agency, name="agency-page"),
]
