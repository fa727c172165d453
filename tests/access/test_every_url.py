"""Every URL × every role: the table is the specification.

A view without a declared access rule fails here, and so does one whose answer is not what the table says. `own` rows
belong to Disdikbud, where the operator and the head work; for the others see the column's meaning below.

Letters: o operator, h head of OPD, v verifier, g governor's office, a auditor, s data steward, x administrator, n
nobody signed in. Capital letters would be too easy to misread: whoever is listed gets in (200, 302 or 4xx of the form
itself), whoever is not gets 403, or 404 where the record's existence is hidden, or the sign-in page for n.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from accounts.models import DeviceReset, Draft, User
from core.access import AccessRule, Scope, rule_of
from core.choices import Role
from core.periods import Period, PeriodKind
from dashboards.directives import services as directive_services
from dashboards.models import Briefing, EarlyWarning, FollowUp
from evidence.models import HeadDeparture, PaperSignature
from procurement.choices import InterestKind, InterestNature, OfficerRole
from procurement.models import (
    AuditExport,
    Award,
    Contract,
    Declaration,
    Flag,
    Interest,
    Lead,
    Offer,
    Officer,
    OutsideDataset,
    Package,
    Payment,
    PrivacyRequest,
    SupplierPerson,
)
from programs.models import Evidence, ValidationRule
from public_services.models import Procedure
from spm.models import IndexValue, StageItem
from tests import factories, worlds
from tests.access.shown_words import is_page, unfit
from tests.private_folder import keep_private_files_in
from uploads.models import Upload

LETTERS = dict(zip("ohvgasx", Role, strict=True))
ALL = "ohvgasx"

# name: (who gets in, method)
TABLE: dict[str, tuple[str, str]] = {
    "home": (ALL, "get"),
    "overview": ("vga", "get"),
    "warnings": ("ohvga", "get"),
    "hit-rate": ("ohvga", "get"),
    "silence-warning": ("g", "post"),
    "briefings": ("vga", "get"),
    "issue-briefing": ("g", "post"),
    "briefing-arrangement": ("g", "get"),
    "briefing": ("vga", "get"),
    "briefing-pdf": ("vga", "get"),
    "briefing-slides": ("vga", "get"),
    "service-worker": (ALL + "n", "get"),
    "manifest": (ALL + "n", "get"),
    "offline": (ALL + "n", "get"),
    "public-page": (ALL + "n", "get"),
    "open-dictionary": (ALL + "n", "get"),
    "open-csv": (ALL + "n", "get"),
    "open-json": (ALL + "n", "get"),
    "standings": ("ohvga", "get"),
    "map": ("ohvga", "get"),
    "compare": ("vga", "get"),
    "agency-page": ("ohvga", "get"),
    "search": (ALL, "get"),
    "guides": (ALL, "get"),
    "guide": (ALL, "get"),
    "guide-panel": (ALL, "get"),
    "directives": ("ohvga", "get"),
    "new-directive": ("g", "get"),
    "directive": ("ohvga", "get"),
    "answer-directive": ("ohg", "post"),
    "directive-evidence": ("ohvga", "get"),
    "data-quality": ("ohvgas", "get"),
    "spm": (ALL, "get"),
    "spm-gap": (ALL, "get"),
    "spm-download": (ALL, "post"),
    "spm-report": (ALL, "post"),
    "spm:entry-start": ("o", "get"),
    "spm:entry": ("o", "get"),
    "spm:entry-before": ("o", "get"),
    "spm:computation": (ALL, "get"),
    "spm:stages": (ALL, "get"),
    "spm:mark-stage": ("o", "post"),
    "programs:value": ("oh", "get"),  # of a draft: only the OPD itself knows of it
    "programs:rules": (ALL, "get"),
    "programs:new-rule": ("s", "get"),
    "programs:edit-rule": ("s", "get"),
    "programs:remove-rule": ("s", "post"),
    "evidence:health": ("ax", "get"),
    "evidence:verify": ("ax", "post"),
    "evidence:token": ("ax", "get"),
    "evidence:prepare-signature": ("g", "post"),
    "evidence:signature": ("ga", "get"),
    "evidence:signature-file": ("vga", "get"),
    "evidence:withdraw-signature": ("g", "post"),
    "evidence:settle-signature": ("g", "post"),
    "evidence:signature-of": (ALL + "n", "get"),
    "account_login": (ALL + "n", "get"),
    "account_logout": (ALL + "n", "post"),
    "account_reset_password": (ALL + "n", "get"),
    "account_reset_password_from_key": (ALL + "n", "get"),
    "mfa_login_webauthn": (ALL + "n", "get"),
    "mfa_authenticate": (ALL + "n", "get"),  # leads elsewhere unless a password was given before
    "mfa_activate_totp": (ALL, "get"),
    "mfa_index": (ALL, "get"),
    "mfa_view_recovery_codes": ("", "get"),  # 404: nobody has any yet
    "mfa_generate_recovery_codes": (ALL, "get"),
    "mfa_add_webauthn": (ALL, "get"),
    "mfa_remove_webauthn": ("", "get"),  # 404: nobody has one yet
    "openid_connect_callback": ("", "get"),  # 404: no SSO is configured
    "accounts:sso-sign-in": ("", "post"),  # the same
    "accounts:sign-in-again": (ALL, "get"),
    "accounts:enrolment": (ALL, "get"),
    "accounts:enrol": (ALL, "get"),
    "accounts:account": (ALL, "get"),
    "accounts:confirm": (ALL, "get"),
    "accounts:notices": (ALL, "get"),
    "accounts:drafts": (ALL, "get"),
    "accounts:draft": ("o", "get"),  # its owner's, and nobody else's
    "accounts:delegations": (ALL, "get"),
    "accounts:tokens": (ALL, "get"),
    "accounts:revoke-token": (ALL, "post"),
    "accounts:device-resets": ("x", "get"),
    "accounts:decide-device-reset": ("x", "post"),
    "accounts:units": ("s", "get"),
    "accounts:agencies": (ALL, "get"),
    "accounts:agency": (ALL, "get"),
    "accounts:change-agency": ("s", "get"),
    "accounts:regulations": (ALL, "get"),
    "accounts:regulation": (ALL, "get"),
    "accounts:switch-workspace": (ALL, "post"),
    "accounts:trail": ("ax", "get"),
    "accounts:trail-file": ("ax", "post"),
    "programs:programs": ("ohvgas", "get"),
    "programs:new-program": ("o", "get"),
    "programs:new-year": ("o", "get"),
    "programs:duplicate-program": ("o", "post"),
    "programs:reopen-program": ("o", "post"),
    "programs:delete-draft": ("o", "post"),
    "programs:nomenclature-search": ("o", "get"),
    "programs:program": ("ohvgas", "get"),
    "programs:edit-program": ("o", "get"),
    "programs:indicators": ("o", "get"),
    "programs:open-report": ("o", "post"),
    "programs:reports": ("ohvgas", "get"),
    "programs:report-values": ("ohvgas", "get"),
    "programs:report": ("oh", "get"),  # a draft: only the OPD itself knows of it
    "programs:check-value": ("o", "get"),
    "programs:decide-report": ("h", "post"),  # of a draft: only the OPD itself knows of it
    "programs:decisions": ("hvga", "get"),
    "programs:lock-period": ("v", "get"),
    "programs:return-verified": ("", "post"),  # only a verified one can be returned
    "programs:verify-report": ("", "post"),  # only an approved one can be verified
    "programs:revise-report": ("o", "post"),
    "programs:withdraw-report": ("o", "post"),
    "programs:withdraw-approval": ("h", "post"),
    "programs:attach-evidence": ("o", "post"),
    "programs:evidence": ("oh", "get"),
    "programs:detach-evidence": ("o", "post"),
    "programs:plans": ("ohvgas", "get"),
    "programs:budget": ("ohvgas", "get"),
    "programs:evidence-preview": ("o", "get"),
    "programs:add-legal-basis": ("o", "post"),
    "programs:region-targets": ("o", "post"),
    "programs:entry-start": ("o", "get"),
    "programs:entry": ("o", "get"),
    "programs:entry-before": ("o", "get"),
    "programs:entry-workbook": ("o", "get"),
    "programs:open-period": ("o", "post"),
    "programs:send-period": ("o", "post"),
    "programs:save-cells": ("o", "post"),
    "uploads:uploads": ("os", "get"),
    "uploads:upload": ("o", "get"),  # a list of the OPD
    "uploads:assign-columns": ("o", "post"),
    "uploads:apply-upload": ("o", "post"),
    "uploads:undo-upload": ("o", "post"),
    "uploads:discard-upload": ("o", "post"),
    "uploads:upload-file": ("o", "get"),
    "uploads:marked-workbook": ("o", "get"),
    "public_services:services": (ALL, "get"),
    "public_services:ranking": (ALL, "get"),
    "public_services:service": (ALL, "get"),
    "public_services:new-service": ("o", "get"),
    "public_services:edit-service": ("o", "get"),
    "public_services:procedure": ("o", "get"),
    "public_services:withdraw-proposal": ("o", "post"),
    "public_services:decide-proposal": ("h", "post"),
    "procurement:packages": ("ohga", "get"),
    "procurement:new-package": ("o", "get"),
    "procurement:package": ("ohga", "get"),
    "procurement:edit-package": ("o", "get"),
    "procurement:assign-officer": ("o", "post"),
    "procurement:step-back": ("o", "post"),
    "procurement:move-package": ("o", "post"),
    "procurement:remove-officer": ("o", "post"),
    "procurement:declarations": ("ohga", "get"),
    "procurement:declare": ("", "get"),  # only the official on the package
    "procurement:declaration": ("ha", "get"),
    "procurement:decide-declaration": ("h", "post"),
    "procurement:unmask": ("ha", "post"),
    "procurement:audit-report": ("a", "get"),
    "procurement:check-method": ("o", "get"),
    "procurement:replace-officer": ("o", "post"),
    "procurement:contracting": ("ohga", "get"),
    "procurement:save-selection": ("o", "post"),
    "procurement:save-offer": ("o", "post"),
    "procurement:remove-offer": ("o", "post"),
    "procurement:decide-award": ("o", "post"),
    "procurement:cancel-award": ("o", "post"),
    "procurement:sign-contract": ("o", "post"),
    "procurement:correct-following": ("o", "post"),
    "procurement:follow-contract": ("o", "post"),
    "procurement:suppliers": ("ohgas", "get"),
    "procurement:supplier-suggestions": ("ohgas", "get"),
    "procurement:supplier": ("ohgas", "get"),
    "procurement:new-supplier": ("os", "get"),
    "procurement:edit-supplier": ("os", "get"),
    "procurement:merge-supplier": ("s", "post"),
    "procurement:unmask-person": ("a", "post"),
    "procurement:privacy": (ALL, "get"),
    "procurement:my-data": (ALL, "post"),
    "procurement:answer-privacy": ("a", "post"),
    "procurement:looks": ("a", "get"),
    "procurement:outside-datasets": ("a", "get"),
    "procurement:outside-dataset": ("a", "get"),
    "procurement:remove-outside": ("a", "post"),
    "procurement:declare-year": ("oh", "get"),
    "procurement:particulars": ("oh", "get"),
    "procurement:register": ("ha", "get"),
    "procurement:export-register": ("ha", "post"),
    "procurement:save-filters": ("a", "post"),
    "procurement:audit-file": ("a", "get"),
    "procurement:audit-fetch": ("a", "get"),
    "procurement:verify-file": (ALL + "n", "get"),
    "procurement:override-gate": ("h", "post"),
    "procurement:connections": ("a", "get"),
    "procurement:flags": ("ohga", "get"),
    "procurement:suppress-flag": ("a", "post"),
    "procurement:back-test": ("a", "get"),
    "procurement:leads": ("ga", "get"),  # the office: what no auditor is left to look at
    "procurement:lead": ("a", "get"),
    "procurement:review-lead": ("a", "post"),
    "procurement:ocds-releases": (ALL + "n", "get"),
    "procurement:ocds-records": (ALL + "n", "get"),
    "procurement:ocds-bulk": (ALL + "n", "get"),
    "procurement:audit-export": ("a", "post"),
    "datasources:series-list": (ALL, "get"),
    "datasources:series": (ALL, "get"),
    "datasources:edit-series": ("s", "get"),
    "datasources:pull-now": ("s", "post"),
    "datasources:pull": (ALL, "get"),
    "datasources:figure-history": (ALL, "get"),
    "datasources:payload": (ALL, "get"),
    "datasources:new-source": ("s", "get"),
    "datasources:edit-source": ("s", "get"),
    "datasources:source": ("s", "get"),
    "datasources:new-series": ("s", "get"),
    "datasources:refresh-catalogue": ("s", "post"),
    "datasources:catalogue-state": ("s", "get"),
    "datasources:setup": ("s", "get"),
    "datasources:try-series": ("s", "post"),
    "datasources:map-regions": ("s", "post"),
    "datasources:switch-series": ("s", "post"),
    "datasources:hand-in": ("s", "post"),
    "datasources:versions": (ALL, "get"),
    "datasources:release-series": ("s", "post"),
    "datasources:roll-back": ("s", "post"),
    "datasources:schedule": ("s", "get"),
    "datasources:edit-schedule": ("s", "get"),
    "components": (ALL, "get"),
    "health": (ALL + "n", "get"),
    "form-token": (ALL + "n", "get"),
    "api-reference": (ALL, "get"),
    "api-schema": (ALL, "get"),
    "api-root": (ALL, "get"),
    **{
        f"api-{name}-{kind}": (ALL, "get")
        for name in ("agency", "nomenclature", "service", "spm-index", "series", "observation")
        for kind in ("list", "detail")
    },
    "api-program-list": ("ohvgas", "get"),
    "api-program-detail": ("ohvgas", "get"),
    "api-report-list": ("ohvgas", "get"),
    "api-report-detail": ("oh", "get"),
    "api-search-list": (ALL, "get"),
    "api-package-list": ("ohga", "get"),
    "api-package-detail": ("ohga", "get"),
}


def every_pattern(patterns: Any = None, namespace: str = "") -> list[tuple[str, Any]]:
    """(name with namespace, callback) of every URL."""
    found = []
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inside = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found += every_pattern(entry.url_patterns, inside)
        elif isinstance(entry, URLPattern):
            found.append((f"{namespace}{entry.name}", entry.callback))
    return found


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[dict[str, Any]]:
    """The world once for all tests."""
    folder = tmp_path_factory.mktemp("files")
    with worlds.kept_for_a_module(django_db_blocker):
        yield _make() | {"folder": folder}


@pytest.fixture
def world(made: dict[str, Any], db: None, settings: Any) -> dict[str, Any]:
    """One record of each kind, of Disdikbud, and the arguments that each URL takes; the files as they were."""
    keep_private_files_in(settings, made["folder"])
    put_files(made["folder"])
    settings.BSRE_URL = "http://127.0.0.1:1"  # nothing of electronic signature is there without
    return made


def put_files(folder: Path) -> None:
    for room, content in {
        "uploads": UPLOAD,
        "evidence": UPLOAD,
        "directives": UPLOAD,
        "audit": b"x",
        "signatures": b"x",
    }.items():
        (folder / room).mkdir(exist_ok=True)
        (folder / room / "berkas").write_bytes(content)


SIGNATURE_PAGES = ("signature", "signature-file", "withdraw-signature", "settle-signature")
UPLOAD = b"kode_sbl;kode_akun\n"


def _make() -> dict[str, Any]:
    indicator = factories.compared_indicator()
    people = {letter: factories.member(role) for letter, role in LETTERS.items()}
    report = factories.report_of(indicator.program, people["o"])
    package = factories.PackageFactory()
    officer = Officer.objects.create(package=package, user=factories.UserFactory(), role=OfficerRole.COMMITMENT_OFFICER)
    declaration = Declaration.objects.create(officer=officer, number=1, has_interest=True)
    interest = Interest.objects.create(
        declaration=declaration,
        kind=InterestKind.FAMILY,
        nature=InterestNature.ACTUAL,
        party_name="CV Contoh",
        relation="adik",
        party_identity="6472010101800005",
    )
    figure = indicator.reference_series.observations.get()
    pull = indicator.reference_series.pulls.create()
    keys = {
        "programs:open-report": indicator.program.pk,
        "programs:report": report.pk,
        "programs:check-value": report.pk,
        "programs:decide-report": report.pk,
        "procurement:remove-officer": officer.pk,
        "procurement:declare": officer.pk,
        "procurement:declaration": declaration.pk,
        "procurement:decide-declaration": declaration.pk,
        "procurement:unmask": interest.pk,
        "datasources:pull": pull.pk,
        "datasources:figure-history": figure.pk,
        "datasources:payload": figure.payload_id,
        "datasources:roll-back": pull.pk,
        "programs:value": report.values.get().pk,
        "api-spm-index-detail": IndexValue.objects.create(
            level="region", region=factories.region(), period=Period(2025, PeriodKind.MONTH, 1)
        ).pk,
        "spm:entry": [indicator.program.service_id, f"{indicator.program.fiscal_year}-01"],
        "spm:entry-before": [indicator.program.service_id, f"{indicator.program.fiscal_year}-01"],
        "spm:computation": [indicator.program.service_id, "64", f"{indicator.program.fiscal_year}-01"],
        "spm-gap": [indicator.program.service_id, "64", f"{indicator.program.fiscal_year}-01"],
        "spm:stages": indicator.program.service_id,
        "spm:mark-stage": [indicator.program.service_id, StageItem.objects.values_list("pk", flat=True)[0]],
        "programs:new-rule": "jump",
        "programs:edit-rule": ValidationRule.objects.values_list("pk", flat=True)[0],
        "programs:remove-rule": ValidationRule.objects.values_list("pk", flat=True)[0],
        "datasources:edit-schedule": PeriodicTask.objects.values_list("pk", flat=True)[0],
        "api-agency-detail": indicator.program.agency_id,
        "api-nomenclature-detail": indicator.program.nomenclature_id,
        "api-service-detail": indicator.program.service_id,
        "api-series-detail": indicator.reference_series_id,
        "api-observation-detail": figure.pk,
        "api-program-detail": indicator.program_id,
        "api-report-detail": report.pk,
        "api-package-detail": package.pk,
    }
    upload = Upload.objects.create(
        agency=factories.agency(),
        fiscal_year=indicator.program.fiscal_year,
        uploaded_by=people["o"],
        name="daftar.csv",
        size=20,
        sha256="0" * 64,
        stored_as="berkas",
        state="preview",
    )
    evidence = Evidence.objects.create(
        report=report,
        name="bukti.pdf",
        content_type="application/pdf",
        size=20,
        sha256="0" * 64,
        stored_as="berkas",
        uploaded_by=people["o"],
    )
    lead = Lead.objects.create(fingerprint="x", supplier=factories.supplier(), official=people["o"], score=0.4)
    flag = Flag.objects.create(code="K02", subject="package", key="x", package=package, agency=package.agency)
    keys["procurement:suppress-flag"] = flag.pk
    given = directive_services.give(
        values={"agency": package.agency, "text": "x", "measure": "y", "due_on": timezone.localdate()}, by=people["g"]
    )
    said = FollowUp.objects.create(
        directive=given,
        text="x",
        state="open",
        by=people["o"],
        stored_as="berkas",
        file_name="x.pdf",
        content_type="application/pdf",
    )
    public_service = factories.public_service()
    proposal = Procedure.objects.create(service=public_service, reason="x", created_by=people["o"])
    supplier = lead.supplier
    person = SupplierPerson.objects.create(supplier=supplier, name="Siti", role="director")
    announced = factories.PackageFactory(fiscal_year=package.fiscal_year)
    Package.objects.filter(pk=announced.pk).update(hps_rupiah=1)
    offer = Offer.objects.create(package=announced, supplier=supplier, amount_rupiah=5)
    award = Award.objects.create(package=announced, supplier=supplier)
    contract = Contract.objects.create(
        package=announced,
        supplier=supplier,
        number="1",
        signed_on=timezone.localdate(),
        value_rupiah=5,
        entered_by=people["o"],
    )
    payment = Payment.objects.create(contract=contract, sp2d_number="1", paid_on=timezone.localdate(), amount_rupiah=1)
    request = PrivacyRequest.objects.create(kind="access", name="Siti", text="?", made_by=factories.UserFactory())
    dataset = OutsideDataset.objects.create(
        name="Lain", file_name="x.jsonl", sha256="0" * 64, loaded_by=people["a"], state="ready"
    )
    issued = Briefing.objects.create(
        fiscal_year=package.fiscal_year,
        week="2026-W01",
        number=1,
        as_of=timezone.now(),
        content={
            "title": "Bahan rapat",
            "subtitle": "Tahun anggaran",
            "as_of": "",
            "annex_title": "",
            "sections": [],
            "annex": [],
        },
        pdf=b"%PDF-1.7",
        sha256="0" * 64,
    )
    warning = EarlyWarning.objects.create(
        kind="late",
        key="1-1",
        fiscal_year=package.fiscal_year,
        agency=package.agency,
        url="/",
        facts={"count": 1, "quarter": 1, "days": 2},
    )
    reset = DeviceReset.objects.create(user=factories.UserFactory(), reason="x", asked_by=factories.UserFactory())
    keys |= {
        "account_reset_password_from_key": ["1", "x-y"],
        "mfa_remove_webauthn": 1,
        "accounts:enrol": "x",
        "accounts:draft": Draft.objects.create(
            owner=people["o"], key="1abc", page="/program/baru/", title="Program baru", content="{}"
        ).pk,
        "accounts:agency": package.agency_id,
        "accounts:regulation": "pp-2-2018",
        "accounts:change-agency": [package.agency_id, "merge"],
        "accounts:decide-device-reset": reset.pk,
        "open-csv": "program",
        "open-json": "program",
        "guide": "opd",
        "guide-panel": "programs:programs",
        "briefing": issued.pk,
        "briefing-pdf": issued.pk,
        "briefing-slides": issued.pk,
        "agency-page": package.agency_id,
        "silence-warning": warning.pk,
        "directive": given.pk,
        "answer-directive": given.pk,
        "directive-evidence": said.pk,
        "public_services:decide-proposal": proposal.pk,
        "public_services:withdraw-proposal": proposal.pk,
        "procurement:replace-officer": officer.pk,
        "procurement:remove-offer": offer.pk,
        "procurement:cancel-award": award.pk,
        "procurement:follow-contract": [contract.pk, "adendum"],
        "procurement:correct-following": ["bayar", payment.pk],
        "procurement:unmask-person": person.pk,
        "procurement:answer-privacy": request.pk,
        "procurement:outside-dataset": dataset.pk,
        "procurement:remove-outside": dataset.pk,
    }
    signature = PaperSignature.objects.create(
        kind="briefing",
        paper_key=str(issued.pk),
        title="Bahan rapat",
        file_name="x.pdf",
        signer=people["g"],
        paper_sha256="0" * 64,
        prepared_sha256="0" * 64,
        prepared_size=1,
        stored_as="berkas",
    )
    keys |= dict.fromkeys(("evidence:" + name for name in SIGNATURE_PAGES), signature.pk)
    keys["evidence:signature-of"] = signature.code
    keys["evidence:token"] = HeadDeparture.objects.create(
        number=1, seal="0" * 64, way="stamp", where="http://tsa.test/", token=b"0", stamped_at=timezone.now()
    ).pk
    export = AuditExport.objects.create(
        layout="daftar",
        file_format="csv",
        fiscal_year=2026,
        made_by=people["a"],
        state="ready",
        stored_as="berkas",
        file_name="x.csv",
    )
    series, program = indicator.reference_series, indicator.program
    same: list[tuple[str, str, Any]] = [
        (
            "uploads",
            "upload assign-columns apply-upload undo-upload discard-upload upload-file marked-workbook",
            upload.pk,
        ),
        ("datasources", "source edit-source new-series refresh-catalogue catalogue-state", series.source_id),
        ("datasources", "series edit-series pull-now setup try-series map-regions switch-series", series.pk),
        ("datasources", "hand-in versions release-series", series.pk),
        (
            "programs",
            "verify-report revise-report attach-evidence withdraw-report withdraw-approval return-verified",
            report.pk,
        ),
        ("programs", "evidence detach-evidence", evidence.pk),
        ("programs", "add-legal-basis region-targets program edit-program indicators", program.pk),
        ("programs", "duplicate-program reopen-program delete-draft", program.pk),
        ("programs", "entry entry-before entry-workbook open-period send-period", f"{program.fiscal_year}-Q1"),
        (
            "procurement",
            (
                "package edit-package assign-officer move-package step-back override-gate connections contracting"
                " save-selection save-offer decide-award sign-contract"
            ),
            package.pk,
        ),
        ("procurement", "supplier edit-supplier merge-supplier", supplier.pk),
        ("public_services", "service edit-service procedure", public_service.pk),
        ("procurement", "lead review-lead", lead.pk),
        ("procurement", "audit-file audit-fetch", export.pk),
    ]
    keys |= {f"{room}:{name}": key for room, names, key in same for name in names.split()}
    query = {
        "programs:lock-period": f"?period={program.fiscal_year}-Q1",
        "programs:check-value": f"?row={report.values.get().pk}",
    }
    data = {
        "programs:open-report": {"period": f"{indicator.program.fiscal_year}-Q1"},
        "procurement:move-package": {"state": "announced", "version": "1"},
        "procurement:step-back": {"version": "1", "reason": "Keliru"},
        "procurement:audit-export": {"format": "csv"},
        "accounts:trail-file": {"format": "csv"},
        "procurement:unmask": {"reason": "Pemeriksaan"},
        "procurement:unmask-person": {"reason": "Pemeriksaan"},
        "procurement:cancel-award": {"reason": "Keliru"},
        "procurement:remove-offer": {"reason": "Keliru"},
        "procurement:override-gate": {"reason": "Keadaan darurat"},
        "procurement:suppress-flag": {"reason": "Sudah diperiksa"},
        "procurement:review-lead": {"state": "cleared", "note": "Orang lain"},
        "procurement:save-filters": {"name": "x", "filters": "q=a"},
        "evidence:prepare-signature": {"kind": "briefing", "key": str(issued.pk)},
        "spm-report": {"periode": f"{indicator.program.fiscal_year - 1}-Q1"},
    }
    return {"people": people, "keys": keys, "query": query, "data": data}


def address_of(name: str, world: dict[str, Any]) -> str:
    key = world["keys"].get(name)
    return reverse(name, args=key if isinstance(key, list) else [key] if key else []) + world["query"].get(name, "")


def test_every_view_has_a_rule_and_stands_in_the_table() -> None:
    without_rule = [name for name, callback in every_pattern() if rule_of(callback) is None]
    assert not without_rule
    names = {name for name, _callback in every_pattern() if not name.startswith("admin:")}
    assert names == set(TABLE)


def test_admin_is_for_administrators() -> None:
    rules = {
        rule_of(callback) for name, callback in every_pattern() if name.startswith("admin:") and name != "admin:login"
    }
    assert rules == {AccessRule(frozenset({Role.ADMINISTRATOR}), Scope.PROVINCE)}


@pytest.mark.parametrize("name", TABLE)
def test_who_gets_in(name: str, world: dict[str, Any], client_of: Callable[[User], Client]) -> None:
    """Nobody without signing in, whom the table lists, and no one else; and what they get holds to the strict CSP."""
    admitted, method = TABLE[name]
    address, data = address_of(name, world), world["data"].get(name, {})
    _nobody(name, getattr(Client(), method)(address, data))
    found, unfitting = {}, set[str]()
    for letter in ALL:
        client = client_of(world["people"][letter])
        if name == "account_logout":
            client.get(reverse("home"))
        response = getattr(client, method)(address, data)
        found[letter] = response.status_code
        if method == "get" and letter == (admitted or "o")[0] and not name.startswith("api-s"):
            _holds_to_the_policy(response)
        if is_page(response) and name not in SPOKEN_ELSEWHERE:
            unfitting |= {f"{letter}: {each}" for each in unfit(response.content.decode())}
    for letter, status in found.items():
        assert (status not in {401, 403, 404, 405}) == (letter in admitted), (
            f"{name}: {letter} got {status}; all: {found}"
        )
        assert status < 500
    assert not unfitting, "words that no page should show:\n" + "\n".join(sorted(unfitting))


# The API's reference is made by its own program from the addresses' names; components are shown to programmers.
SPOKEN_ELSEWHERE = {"api-reference", "api-schema", "components"}
SWITCHED_OFF = {"openid_connect_callback", "accounts:sso-sign-in"}  # without an SSO they are not there, for anybody


def _nobody(name: str, response: Any) -> None:
    if "n" in TABLE[name][0]:
        assert response.status_code in {200, 302}
    elif name in SWITCHED_OFF:
        assert response.status_code == 404
    elif name.startswith("api-") and name != "api-reference":
        assert response.status_code == 401
    elif response.status_code == 403:  # the page that keeps what was typed and leads to the sign-in
        assert "Sesi Anda berakhir" in response.content.decode()
    else:
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("account_login"))


# A block of JSON is data: no browser runs it.
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\sstyle=\"|\son(click|load|change|submit|input|error)=",
    re.IGNORECASE,
)


def _holds_to_the_policy(response: Any) -> None:
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    if "html" in response.headers["Content-Type"]:
        assert not INLINE.search(response.content.decode()), INLINE.search(response.content.decode())


def test_admin_pages_refuse_every_other_role(world: dict[str, Any], client_of: Callable[[User], Client]) -> None:
    for letter in ALL:
        client = client_of(world["people"][letter])
        for address in ("/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/core/auditevent/"):
            status = client.get(address).status_code
            assert (status == 200) == (letter == "x"), f"{address}: {letter} got {status}"


def test_every_admin_page_opens(world: dict[str, Any], client_of: Callable[[User], Client]) -> None:
    """List, form and history of every model that has a row."""
    client = client_of(world["people"]["x"])
    opened = 0
    for model in admin.site._registry:
        row = model._default_manager.first()
        pages = {"changelist": [], "change": [row], "history": [row]}
        for page, rows in pages.items():
            if None in rows:
                continue
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
            address = reverse(name, args=[each.pk for each in rows])
            assert client.get(address).status_code == 200, address
            opened += 1
    assert opened > 2 * len(admin.site._registry)


OTHER_AGENCY = [name for name, (admitted, _method) in TABLE.items() if set(admitted) & set("oh")]


@pytest.mark.parametrize("letter", ["o", "h"])
def test_another_opd_does_not_exist(letter: str, world: dict[str, Any], client_of: Callable[[User], Client]) -> None:
    """Records of Disdikbud for people of Dinkes: 404, which does not even say that the record is there."""
    stranger = factories.member(LETTERS[letter], "Dinkes")
    client = client_of(stranger)
    own_workspace = {
        "entry",
        "entry-before",
        "entry-workbook",
        "open-period",
        "send-period",
    }  # addresses of one's own OPD, whoever comes
    hidden = [n for n in OTHER_AGENCY if n.split(":")[0] in {"programs", "procurement"} and n in world["keys"]]
    shared = {"supplier", "edit-supplier", "merge-supplier", "unmask-person"}  # suppliers are known to every OPD
    hidden = [name for name in hidden if name.split(":")[1] not in own_workspace | shared]
    hidden += [name for name in world["keys"] if name.startswith("uploads:")]
    hidden += ["api-program-detail", "api-report-detail", "api-package-detail"]
    for name in hidden:
        admitted, method = TABLE[name]
        status = getattr(client, method)(address_of(name, world), world["data"].get(name, {})).status_code
        assert status == 404 or (status == 403 and letter not in admitted), f"{name}: {status}"


def test_a_view_without_a_rule_would_be_refused() -> None:
    rule = AccessRule(frozenset({Role.AUDITOR}), scope=next(iter(rule_of_scopes())))
    assert not rule.admits(AnonymousUser())


def rule_of_scopes() -> list[Any]:
    return [rule.scope for _name, callback in every_pattern() if (rule := rule_of(callback))]


def test_an_address_that_only_takes_a_form_leads_to_its_page(
    world: dict[str, Any], client_of: Callable[[User], Client]
) -> None:
    """As a browser opens it after signing in, from its history or a mail: a page, never an empty 405."""
    for name, (admitted, method) in TABLE.items():
        if not admitted or name.startswith("api-"):
            continue
        letter = admitted[0]
        address = address_of(name, world)
        answer = client_of(world["people"][letter]).get(address, headers={"Accept": "text/html"})
        assert answer.status_code != 405, name
        if method == "post" and answer.status_code != 200:
            assert answer.status_code == 302, name
            page = client_of(world["people"][letter]).get(
                answer.headers["Location"], headers={"Accept": "text/html"}, follow=True
            )
            assert page.status_code == 200, (name, answer.headers["Location"])


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("answer-directive", "directive"),
        ("decide-report", "programs:report"),
        ("programs:detach-evidence", "programs:report"),
        ("procurement:save-offer", "procurement:contracting"),
        ("procurement:remove-offer", "procurement:contracting"),
        ("procurement:follow-contract", "procurement:contracting"),
        ("procurement:remove-officer", "procurement:package"),
        ("procurement:unmask", "procurement:declaration"),
        ("procurement:unmask-person", "procurement:supplier"),
        ("public_services:decide-proposal", "public_services:service"),
        ("datasources:roll-back", "datasources:versions"),
        ("datasources:map-regions", "datasources:setup"),
    ],
)
def test_which_page_that_is(name: str, page: str, world: dict[str, Any], client_of: Callable[[User], Client]) -> None:
    name = name if name in TABLE else f"programs:{name}"
    client = client_of(world["people"][TABLE[name][0][0]])
    answer = client.get(address_of(name, world), headers={"Accept": "text/html"})
    assert resolve(answer.headers["Location"].partition("?")[0]).view_name == page
    assert client.get(address_of(name, world), headers={"Accept": "application/json"}).status_code == 405


def test_whom_a_form_is_not_for_is_not_led_to_it(world: dict[str, Any], client_of: Callable[[User], Client]) -> None:
    address = address_of("procurement:unmask-person", world)
    assert client_of(world["people"]["o"]).get(address, headers={"Accept": "text/html"}).status_code == 403


def test_the_api_says_405(client_of: Callable[[User], Client], world: dict[str, Any]) -> None:
    answer = client_of(world["people"]["o"]).put("/api/v1/programs/", headers={"Accept": "text/html"})
    assert answer.status_code in {403, 405}
