from django.urls import path

from dashboards.directives import views

urlpatterns = [
    path("arahan/", views.directive_list, name="directives"),
    path("arahan/baru/", views.new_directive, name="new-directive"),
    path("arahan/<int:pk>/", views.directive, name="directive"),
    path("arahan/<int:pk>/jawab/", views.answer, name="answer-directive"),
    path("arahan/bukti/<int:pk>/", views.evidence, name="directive-evidence"),
]
