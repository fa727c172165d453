from django.urls import path

from evidence import views

app_name = "evidence"
urlpatterns = [
    path("audit/segel/", views.health, name="health"),
    path("audit/segel/periksa/", views.verify, name="verify"),
    path("audit/segel/<int:pk>/stempel/", views.token, name="token"),
]
