"""Tasks of the worker."""

from celery import shared_task

from core.long_work import ends_its_row
from procurement.audit import files as audit_files
from procurement.choices import UNDERWAY_STATES
from procurement.models import AuditExport


@shared_task
@ends_its_row(audit_files.end)
def issue(export_id: int) -> str:
    """Make an auditor's file; one that is made already is left alone."""
    export = AuditExport.objects.select_related("made_by").get(pk=export_id)
    if export.state not in UNDERWAY_STATES:
        return export.state
    return audit_files.make_and_keep(export).state
