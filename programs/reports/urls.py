from django.urls import path

from programs.reports import attachment_views, entry_views, value_views, views

urlpatterns = [
    path("program/<int:pk>/laporan/", views.open_report, name="open-report"),
    path("isian/", entry_views.entry_start, name="entry-start"),
    path("isian/sel/", entry_views.save_cells, name="save-cells"),
    path("isian/<str:period>/", entry_views.entry, name="entry"),
    path("isian/<str:period>/sebelumnya/", entry_views.entry_before, name="entry-before"),
    path("isian/<str:period>/buku-kerja/", entry_views.entry_workbook, name="entry-workbook"),
    path("isian/<str:period>/mulai/", entry_views.open_period, name="open-period"),
    path("isian/<str:period>/kirim/", entry_views.send_period, name="send-period"),
    path("laporan/", views.reports, name="reports"),
    path("laporan/nilai/", views.report_values, name="report-values"),
    path("laporan/nilai/<int:pk>/", value_views.value, name="value"),
    path("laporan/<int:pk>/", views.report, name="report"),
    path("laporan/<int:pk>/periksa/", views.check_value, name="check-value"),
    path("laporan/putusan/", views.decisions, name="decisions"),
    path("laporan/kunci/", views.lock_period, name="lock-period"),
    path("laporan/<int:pk>/putusan/", views.decide, name="decide-report"),
    path("laporan/<int:pk>/verifikasi/", views.verify, name="verify-report"),
    path("laporan/<int:pk>/tarik/", views.withdraw, name="withdraw-report"),
    path("laporan/<int:pk>/tarik-persetujuan/", views.withdraw_approval, name="withdraw-approval"),
    path("laporan/<int:pk>/kembalikan/", views.return_verified, name="return-verified"),
    path("laporan/<int:pk>/revisi/", views.revise, name="revise-report"),
    path("laporan/<int:pk>/bukti/", attachment_views.attach_evidence, name="attach-evidence"),
    path("bukti/<int:pk>/", attachment_views.evidence, name="evidence"),
    path("bukti/<int:pk>/lepas/", attachment_views.detach_evidence, name="detach-evidence"),
]
