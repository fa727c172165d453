from django.urls import path

from programs import entry_views, evidence_views, report_views, views

app_name = "programs"
urlpatterns = [
    path("program/", views.programs, name="programs"),
    path("program/baru/", views.new_program, name="new-program"),
    path("program/kode/", views.nomenclature_search, name="nomenclature-search"),
    path("program/<int:pk>/", views.program, name="program"),
    path("program/<int:pk>/ubah/", views.edit_program, name="edit-program"),
    path("program/<int:pk>/indikator/", views.indicators, name="indicators"),
    path("program/rencana/", views.plans, name="plans"),
    path("program/anggaran/", views.budget, name="budget"),
    path("program/bukti/", views.evidence_preview, name="evidence-preview"),
    path("program/<int:pk>/sasaran/", views.region_targets, name="region-targets"),
    path("program/<int:pk>/dasar-hukum/", views.add_legal_basis, name="add-legal-basis"),
    path("program/<int:pk>/laporan/", report_views.open_report, name="open-report"),
    path("isian/", entry_views.entry_start, name="entry-start"),
    path("isian/sel/", entry_views.save_cells, name="save-cells"),
    path("isian/<str:period>/", entry_views.entry, name="entry"),
    path("isian/<str:period>/buku-kerja/", entry_views.entry_workbook, name="entry-workbook"),
    path("isian/<str:period>/mulai/", entry_views.open_period, name="open-period"),
    path("isian/<str:period>/kirim/", entry_views.send_period, name="send-period"),
    path("laporan/", report_views.reports, name="reports"),
    path("laporan/nilai/", report_views.report_values, name="report-values"),
    path("laporan/<int:pk>/", report_views.report, name="report"),
    path("laporan/<int:pk>/periksa/", report_views.check_value, name="check-value"),
    path("laporan/putusan/", report_views.decisions, name="decisions"),
    path("laporan/kunci/", report_views.lock_period, name="lock-period"),
    path("laporan/<int:pk>/putusan/", report_views.decide, name="decide-report"),
    path("laporan/<int:pk>/verifikasi/", report_views.verify, name="verify-report"),
    path("laporan/<int:pk>/revisi/", report_views.revise, name="revise-report"),
    path("laporan/<int:pk>/bukti/", evidence_views.attach_evidence, name="attach-evidence"),
    path("bukti/<int:pk>/", evidence_views.evidence, name="evidence"),
    path("bukti/<int:pk>/lepas/", evidence_views.detach_evidence, name="detach-evidence"),
]
