from django.urls import path

from datasources.pulls import views

urlpatterns = [
    path("acuan/seri/<int:pk>/tarik/", views.pull_now, name="pull-now"),
    path("acuan/seri/<int:pk>/berkas/", views.hand_in, name="hand-in"),
    path("acuan/tarikan/<int:pk>/", views.pull, name="pull"),
    path("acuan/jawaban/<int:pk>/", views.payload, name="payload"),
    path("acuan/jadwal/", views.schedule_list, name="schedule"),
    path("acuan/jadwal/<int:pk>/", views.edit_schedule, name="edit-schedule"),
]
