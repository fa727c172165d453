from django.urls import path

from programs.validation import views

urlpatterns = [
    path("acuan/aturan/", views.rule_list, name="rules"),
    path("acuan/aturan/baru/<slug:check>/", views.new_rule, name="new-rule"),
    path("acuan/aturan/<int:pk>/", views.edit_rule, name="edit-rule"),
    path("acuan/aturan/<int:pk>/hapus/", views.remove_rule, name="remove-rule"),
]
