from django.urls import path

from dashboards.briefings import views

urlpatterns = [
    path("rapat/", views.briefing_list, name="briefings"),
    path("rapat/buat/", views.issue, name="issue-briefing"),
    path("rapat/susunan/", views.arrangement, name="briefing-arrangement"),
    path("rapat/<int:pk>/", views.briefing, name="briefing"),
    path("rapat/<int:pk>/pdf/", views.briefing_pdf, name="briefing-pdf"),
    path("rapat/<int:pk>/layar/", views.slides, name="briefing-slides"),
]
