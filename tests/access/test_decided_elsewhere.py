"""Of two decisions the second is told who made the first and when, with what its sender typed; never a 404."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.utils import timezone

from accounts.device_resets.choices import DeviceResetState
from accounts.device_resets.services import decide as decide_reset
from accounts.models import DeviceReset, User
from core.choices import Role
from core.formats import moment
from dashboards.choices import DirectiveState
from dashboards.directives.services import follow_up
from dashboards.early_warnings.services import silence
from dashboards.models import Directive, EarlyWarning
from procurement.contracts.services import cancel_award, sign_contract
from procurement.declarations.services import decide_declaration
from procurement.leads.services import review
from procurement.models import Award, Contract, Declaration, Flag, Lead, Package, PackageStep, PrivacyRequest
from procurement.packages.services import move_package
from procurement.privacy.inventory import answer
from procurement.red_flags.services import suppress
from procurement.suppliers.services import merge
from programs.models import Report, ReportStep
from programs.reports.services import decide_report, verify_report
from public_services.models import Procedure
from public_services.services import decide_proposal
from tests import factories
from tests.access import test_every_url as every_url
from uploads.models import Upload

made = every_url.made
world = every_url.world
TYPED = "Perbaiki dulu jumlah perahu di hulu"


class Faster(NamedTuple):
    """A decision that somebody has made: by whom, and the form with which somebody else comes too late."""

    by: User
    late: User
    address: str
    form: dict[str, Any]


Case = Callable[[dict[str, Any]], Faster]
CASES: dict[str, Case] = {}


def case(function: Case) -> Case:
    CASES[function.__name__] = function
    return function


def _sent(world: dict[str, Any], state: str = "submitted") -> Report:
    report = Report.objects.get(pk=world["keys"]["programs:decide-report"])
    for each in ("submitted", "approved")[: 1 if state == "submitted" else 2]:
        before, by = report.state, world["people"]["o" if each == "submitted" else "h"]
        report.step_to(each, by=by)
        ReportStep.objects.create(report=report, from_state=before, to_state=each, by=by)
    report.save_next_version()
    return report


@case
def report_approved(world: dict[str, Any]) -> Faster:
    report, head = _sent(world), world["people"]["h"]
    seen = report.version
    decide_report(pk=report.pk, by=head, version=seen, approve=True)
    form = {"act": "return", "version": seen, "comment": TYPED}
    return Faster(head, factories.member(Role.AGENCY_HEAD), f"/laporan/{report.pk}/putusan/", form)


@case
def report_returned(world: dict[str, Any]) -> Faster:
    report, head = _sent(world), world["people"]["h"]
    seen = report.version
    decide_report(pk=report.pk, by=head, version=seen, approve=False, comment="Lampirkan")
    return Faster(head, head, f"/laporan/{report.pk}/putusan/", {"act": "approve", "version": seen, "comment": TYPED})


@case
def report_verified(world: dict[str, Any]) -> Faster:
    report, verifier = _sent(world, "approved"), world["people"]["v"]
    seen = report.version
    verify_report(pk=report.pk, by=verifier, version=seen, approve=True)
    form = {"act": "return", "version": seen, "comment": TYPED}
    return Faster(verifier, factories.member(Role.VERIFIER, ""), f"/laporan/{report.pk}/verifikasi/", form)


@case
def package_cancelled(world: dict[str, Any]) -> Faster:
    operator, package = world["people"]["o"], factories.PackageFactory()
    move_package(pk=package.pk, version=package.version, by=operator, state="cancelled", comment="Anggaran dipotong")
    form = {"state": "announced", "version": package.version, "comment": TYPED}
    return Faster(operator, factories.member(Role.OPERATOR), f"/pengadaan/{package.pk}/langkah/", form)


@case
def declaration_decided(world: dict[str, Any]) -> Faster:
    head, row = world["people"]["h"], Declaration.objects.get(pk=world["keys"]["procurement:declaration"])
    decide_declaration(pk=row.pk, by=head, kind="no_conflict", reason="Tidak ada hubungan")
    form = {"kind": "replace", "reason": TYPED}
    return Faster(head, factories.member(Role.AGENCY_HEAD), f"/pernyataan/{row.pk}/putusan/", form)


@case
def proposal_adopted(world: dict[str, Any]) -> Faster:
    head = world["people"]["h"]
    row = Procedure.objects.get(pk=world["keys"]["public_services:decide-proposal"])
    decide_proposal(procedure=row, by=head, adopt=True, reason="Lebih singkat")
    form = {"act": "refuse", "reason": TYPED}
    return Faster(head, factories.member(Role.AGENCY_HEAD), f"/layanan/usulan/{row.pk}/putusan/", form)


@case
def directive_closed(world: dict[str, Any]) -> Faster:
    office, row = world["people"]["g"], Directive.objects.get(pk=world["keys"]["directive"])
    follow_up(directive=row, by=office, text="Selesai", percent=100, state=DirectiveState.WITHDRAWN)
    other = factories.member(Role.GOVERNORS_OFFICE, "")
    return Faster(office, other, f"/arahan/{row.pk}/jawab/", {"state": "open", "text": TYPED})


@case
def privacy_answered(world: dict[str, Any]) -> Faster:
    auditor = world["people"]["a"]
    row = PrivacyRequest.objects.create(kind="access", name="Siti", text="?", made_by=factories.UserFactory())
    answer(pk=row.pk, by=auditor, state="granted", text="Terlampir")
    form = {"state": "refused", "answer": TYPED}
    return Faster(auditor, factories.member(Role.AUDITOR, ""), f"/data-pribadi/{row.pk}/jawab/", form)


@case
def lead_reviewed(world: dict[str, Any]) -> Faster:
    auditor, row = world["people"]["a"], Lead.objects.get(pk=world["keys"]["procurement:lead"])
    review(lead=row, by=auditor, state="cleared", note="Orang lain")
    form = {"state": "confirmed", "note": TYPED, "seen": ""}
    return Faster(auditor, factories.member(Role.AUDITOR, ""), f"/petunjuk/{row.pk}/tinjau/", form)


@case
def flag_put_aside(world: dict[str, Any]) -> Faster:
    auditor, row = world["people"]["a"], Flag.objects.get(pk=world["keys"]["procurement:suppress-flag"])
    suppress(flag=row, by=auditor, reason="Sudah diperiksa")
    other = factories.member(Role.AUDITOR, "")
    return Faster(auditor, other, f"/bendera/{row.pk}/kesampingkan/", {"reason": TYPED})


@case
def warning_silenced(world: dict[str, Any]) -> Faster:
    office, row = world["people"]["g"], EarlyWarning.objects.get(pk=world["keys"]["silence-warning"])
    today = timezone.localdate()
    silence(row=row, until=today, reason="Sedang diurus", by=office, today=today)
    other = factories.member(Role.GOVERNORS_OFFICE, "")
    form = {"until": today.isoformat(), "reason": TYPED}
    return Faster(office, other, f"/peringatan/{row.pk}/senyap/", form)


@case
def device_reset_refused(world: dict[str, Any]) -> Faster:
    admin, row = world["people"]["x"], DeviceReset.objects.get(pk=world["keys"]["accounts:decide-device-reset"])
    decide_reset(pk=row.pk, state=DeviceResetState.REFUSED, by=admin)
    other = factories.member(Role.ADMINISTRATOR, "")
    return Faster(admin, other, f"/akun/perangkat-hilang/{row.pk}/", {"act": "confirm", "note": TYPED})


def _announced() -> Package:
    package = factories.cleared_package()
    Package.objects.filter(pk=package.pk).update(state="announced", announced_at=timezone.now())
    package.refresh_from_db()
    return package


@case
def award_cancelled(world: dict[str, Any]) -> Faster:
    operator, supplier = world["people"]["o"], factories.supplier()
    row = Award.objects.create(package=_announced(), supplier=supplier)
    cancel_award(award=row, by=operator, reason="Keliru")
    other = factories.member(Role.OPERATOR)
    return Faster(operator, other, f"/pengadaan/pemenang/{row.pk}/batal/", {"reason": TYPED})


@case
def contract_corrected(world: dict[str, Any]) -> Faster:
    operator, package, supplier = world["people"]["o"], _announced(), factories.supplier()
    facts = {"supplier": supplier, "signed_on": timezone.localdate()}
    row = sign_contract(package=package, contract=Contract(number="1", value_rupiah=5, **facts), by=operator)
    newer = Contract(number="2", value_rupiah=6, correction_reason="Salah ketik", **facts)
    sign_contract(package=package, contract=newer, by=operator, corrects=row)
    form = {"corrects": row.pk, "number": "3", "supplier": supplier.name, "value_rupiah": "7", "kind": "contract"}
    form |= {"signed_on": timezone.localdate().isoformat(), "correction_reason": TYPED}
    return Faster(operator, factories.member(Role.OPERATOR), f"/pengadaan/{package.pk}/kontrak/simpan/", form)


@case
def list_taken_over(world: dict[str, Any]) -> Faster:
    operator, row = world["people"]["o"], Upload.objects.get(pk=world["keys"]["uploads:upload"])
    Upload.objects.filter(pk=row.pk).update(state="applied", applied_at=timezone.now(), applied_by=operator)
    other = factories.member(Role.OPERATOR)
    return Faster(operator, other, f"/unggahan/{row.pk}/terapkan/", {"reason": TYPED})


@case
def supplier_merged(world: dict[str, Any]) -> Faster:
    steward, double, into = (
        world["people"]["s"],
        factories.supplier(name="CV Dua", tax_number=""),
        factories.supplier(name="CV Satu"),
    )
    merge(double=double, into=into, by=steward, reason="Akta yang sama")
    form = {"into": "CV Satu", "reason": TYPED}
    return Faster(steward, factories.member(Role.DATA_STEWARD, ""), f"/penyedia/{double.pk}/gabung/", form)


NAMES_NOBODY = {"award_cancelled", "supplier_merged"}  # the row keeps when, or into what; who stands in the trail


@pytest.mark.parametrize("name", CASES)
def test_the_second_is_told_and_keeps_what_was_typed(
    name: str, world: dict[str, Any], client_of: Callable[[User], Client]
) -> None:
    faster = CASES[name](world)
    answer = client_of(faster.late).post(faster.address, faster.form, headers={"Accept": "text/html"})
    page = answer.content.decode()
    assert answer.status_code == 409, page[-3000:]
    assert "Sudah " in page
    assert TYPED in page
    assert name in NAMES_NOBODY or str(faster.by) in page


def test_it_says_when(world: dict[str, Any], client_of: Callable[[User], Client]) -> None:
    faster = report_approved(world)
    page = client_of(faster.late).post(faster.address, faster.form).content.decode()
    step = ReportStep.objects.latest("pk")
    assert f"Sudah disetujui oleh {faster.by} pada {moment(step.at)}." in page


def test_of_many_each_that_came_too_late_is_named(world: dict[str, Any], client_of: Callable[[User], Client]) -> None:
    report, head = _sent(world), world["people"]["h"]
    form = {f"chosen-{report.pk}": "on", f"version-{report.pk}": report.version}
    decide_report(pk=report.pk, by=head, version=report.version, approve=True)
    page = client_of(head).post("/laporan/putusan/", form, follow=True).content.decode()
    assert "Sudah disetujui" in page


def test_a_package_that_nobody_moved_says_why_not(world: dict[str, Any], client_of: Callable[[User], Client]) -> None:
    package = factories.PackageFactory()
    assert not PackageStep.objects.filter(package=package).exists()
    form = {"state": "completed", "version": package.version}
    assert client_of(world["people"]["o"]).post(f"/pengadaan/{package.pk}/langkah/", form).status_code == 422
