from django.urls import path

from programs.registration import views

urlpatterns = [
    path("program/", views.programs, name="programs"),
    path("program/baru/", views.new_program, name="new-program"),
    path("program/tahun-baru/", views.new_year, name="new-year"),
    path("program/<int:pk>/gandakan/", views.duplicate_program, name="duplicate-program"),
    path("program/<int:pk>/jadikan-draf/", views.reopen_program, name="reopen-program"),
    path("program/<int:pk>/hapus/", views.delete_draft, name="delete-draft"),
    path("program/kode/", views.nomenclature_search, name="nomenclature-search"),
    path("program/<int:pk>/", views.program, name="program"),
    path("program/<int:pk>/ubah/", views.edit_program, name="edit-program"),
    path("program/<int:pk>/indikator/", views.indicators, name="indicators"),
    path("program/rencana/", views.plans, name="plans"),
    path("program/anggaran/", views.budget, name="budget"),
    path("program/bukti/", views.evidence_preview, name="evidence-preview"),
    path("program/<int:pk>/sasaran/", views.region_targets, name="region-targets"),
    path("program/<int:pk>/dasar-hukum/", views.add_legal_basis, name="add-legal-basis"),
]
