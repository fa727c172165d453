from django.urls import path

from dashboards.guides import views

urlpatterns = [
    path("bantuan/", views.index, name="guides"),
    path("bantuan/halaman/<str:name>/", views.panel, name="guide-panel"),
    path("bantuan/<slug:key>/", views.guide, name="guide"),
]
