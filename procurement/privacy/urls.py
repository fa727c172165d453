from django.urls import path

from procurement.privacy import views

urlpatterns = [
    path("data-pribadi/", views.privacy, name="privacy"),
    path("data-pribadi/unduh/", views.my_data, name="my-data"),
    path("data-pribadi/<int:pk>/jawab/", views.answer, name="answer-privacy"),
    path("audit/pembukaan/", views.looks, name="looks"),
]
