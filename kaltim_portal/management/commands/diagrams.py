"""docs/states.md from the transition tables; a test fails when the page is out of date."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.device_resets.choices import DEVICE_RESET_TRANSITIONS, DeviceResetState
from dashboards.choices import DIRECTIVE_TRANSITIONS, DirectiveState
from datasources.choices import CATALOGUE_TRANSITIONS, PULL_TRANSITIONS, CatalogueState, PullState
from evidence.choices import SIGNATURE_TRANSITIONS, SignatureState
from procurement.choices import (
    DATASET_TRANSITIONS,
    EXPORT_TRANSITIONS,
    LEAD_TRANSITIONS,
    PACKAGE_TRANSITIONS,
    PRIVACY_REQUEST_TRANSITIONS,
    LeadState,
    PackageState,
    PrivacyRequestState,
    ProcessingState,
)
from programs.choices import PROGRAM_TRANSITIONS, REPORT_TRANSITIONS, ProgramState, ReportState
from public_services.choices import PROCEDURE_TRANSITIONS, ProcedureState
from uploads.choices import UPLOAD_TRANSITIONS, UploadState


class Command(BaseCommand):
    help = "Write docs/states.md from the transition tables."

    def handle(self, *args: Any, **options: Any) -> None:
        states_page().write_text(page(), encoding="utf-8")


def states_page() -> Path:
    base: Path = settings.BASE_DIR
    return base / "docs" / "states.md"


def page() -> str:
    """The whole page: one Mermaid diagram per table."""
    return "\n".join(
        [
            "# States\n",
            "Written by `make diagrams` from the `choices.py` of each app; do not edit.\n",
            _diagram("Programmes", PROGRAM_TRANSITIONS, ProgramState.DRAFT),
            _diagram("Reports", REPORT_TRANSITIONS, ReportState.DRAFT),
            _diagram("Packages", PACKAGE_TRANSITIONS, PackageState.PLANNED),
            _diagram("Electronic signatures", SIGNATURE_TRANSITIONS, SignatureState.PREPARED),
            _diagram("Leads", LEAD_TRANSITIONS, LeadState.OPEN),
            _diagram("Files for auditors", EXPORT_TRANSITIONS, ProcessingState.WAITING),
            _diagram("Data sets of others", DATASET_TRANSITIONS, ProcessingState.WAITING),
            _diagram("Requests about personal data", PRIVACY_REQUEST_TRANSITIONS, PrivacyRequestState.OPEN),
            _diagram("Directives", DIRECTIVE_TRANSITIONS, DirectiveState.OPEN),
            _diagram("Pulls", PULL_TRANSITIONS, PullState.QUEUED),
            _diagram("Catalogues of sources", CATALOGUE_TRANSITIONS, CatalogueState.NONE),
            _diagram("Procedures of public services", PROCEDURE_TRANSITIONS, ProcedureState.PROPOSED),
            _diagram("Lists that are handed in", UPLOAD_TRANSITIONS, UploadState.QUEUED),
            _diagram("Lost devices", DEVICE_RESET_TRANSITIONS, DeviceResetState.ASKED),
        ]
    )


def _diagram(title: str, transitions: Mapping[str, frozenset[str]], first: str) -> str:
    lines = [f"## {title}\n", "```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    for state, following in transitions.items():
        lines += [f"    {state} --> {target}" for target in sorted(following)] or [f"    {state} --> [*]"]
    return "\n".join([*lines, "```\n"])
