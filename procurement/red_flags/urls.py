from django.urls import path

from procurement.red_flags import external_views, views

urlpatterns = [
    path("bendera/luar/", external_views.datasets, name="outside-datasets"),
    path("bendera/luar/<int:pk>/", external_views.dataset, name="outside-dataset"),
    path("bendera/luar/<int:pk>/hapus/", external_views.remove, name="remove-outside"),
    path("bendera/", views.flags, name="flags"),
    path("bendera/<int:pk>/kesampingkan/", views.suppress, name="suppress-flag"),
    path("bendera/uji/", views.back_test, name="back-test"),
]
