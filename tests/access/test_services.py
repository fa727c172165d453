"""A service trusts no caller: the wrong person is refused there too, whatever view or task called it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.permissions import require_operator
from core.choices import Role
from core.models import AuditEvent
from core.periods import Period, PeriodKind
from datasources.catalogue import services as catalogue
from datasources.models import Pull
from datasources.pulls import services as pulls
from datasources.series import observation_versions
from datasources.series import services as series_services
from procurement.audit import saved_filters
from programs.models import LegalBasis, ValidationRule
from programs.registration import services as registration
from programs.validation import rules
from public_services import services as public_services
from spm import services as spm_services
from spm.models import ServiceKind, StageItem
from tests import factories
from uploads import services as uploads

pytestmark = pytest.mark.django_db
Act = Callable[..., Any]


def _stewards_acts() -> list[Act]:
    series = factories.SeriesFactory()
    pull = Pull.objects.create(series=series)
    rule = ValidationRule.objects.first()
    assert rule is not None
    return [
        partial(catalogue.save_source, source=series.source),
        partial(catalogue.request_refresh, source=series.source),
        partial(series_services.save_series, series=series, query={}),
        partial(series_services.map_regions, series=series, mappings=[]),
        partial(series_services.switch_on, series=series),
        partial(series_services.switch_off, series=series),
        partial(pulls.request_pull, series=series),
        partial(pulls.hand_in, series=series, body=b"", name="x.csv"),
        partial(observation_versions.roll_back, series=series, to=pull, reason="Salah ketik"),
        partial(observation_versions.release, series=series, reason="Sudah benar"),
        partial(rules.save_rule, rule=rule, reason="Lebih ketat"),
        partial(rules.remove_rule, rule=rule, reason="Lebih ketat"),
        partial(saved_filters.save, name="Tender", query=""),
        partial(uploads.receive, file=None, agency=factories.agency("Dinkes"), fiscal_year=2026, options={}),
    ]


def _operators_acts() -> list[Act]:
    """Of another OPD."""
    service = ServiceKind.objects.get(code="1.01.a")
    month = Period(timezone.localdate().year - 1, PeriodKind.MONTH, 1)
    public_service = factories.public_service()
    program = factories.ProgramFactory()
    item = StageItem.objects.first()
    assert item is not None
    return [
        partial(spm_services.save_month, service=service, month=month, rows=[]),
        partial(spm_services.mark_stage, service=service, fiscal_year=month.year, item=item, note="SK 12/2025"),
        partial(spm_services.take_stage_back, service=service, fiscal_year=month.year, item=item),
        partial(
            public_services.save_service,
            service=public_service,
            version=public_service.version,
            agency=public_service.agency,
            values={},
        ),
        partial(public_services.save_procedure, service=public_service, steps=[STEP]),
        partial(registration.add_legal_basis, program=program, basis=LegalBasis(program=program, regulation="UU 23")),
        partial(registration.set_region_targets, program=program, people={}),
    ]


STEP = public_services.StepInput("Daftar", "counter", 1, is_visit=False)  # type: ignore[arg-type]  # a whole day


def _refused(acts: list[Act], by: User) -> None:
    for act in acts:
        before = AuditEvent.objects.count()
        with pytest.raises(PermissionDenied, match=r"\w"):
            act(by=by)
        assert AuditEvent.objects.count() == before, act


def test_only_a_steward_does_what_stewards_do() -> None:
    _refused(_stewards_acts(), factories.member(Role.OPERATOR))


def test_an_operator_acts_for_the_own_opd_only() -> None:
    _refused(_operators_acts(), factories.member(Role.OPERATOR, "Dispora"))


def test_only_the_head_decides_on_a_proposal() -> None:
    operator = factories.member(Role.OPERATOR)
    service = factories.public_service()
    public_services.save_procedure(service=service, by=operator, steps=[STEP, STEP])
    proposal = public_services.save_procedure(service=service, by=operator, steps=[STEP], reason="Lebih singkat")
    with pytest.raises(PermissionDenied):
        public_services.decide_proposal(procedure=proposal, by=operator, adopt=True, reason="Bagus")
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_a_general_rule_is_switched_off_and_never_removed() -> None:
    rule = ValidationRule.objects.filter(indicator=None, unit=None, agency=None).first()
    assert rule is not None
    with pytest.raises(ValidationError, match="matikan"):
        rules.remove_rule(rule=rule, by=factories.member(Role.DATA_STEWARD), reason="Tidak perlu")


def test_the_page_of_a_refusal_says_why(client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    operator = factories.member(Role.OPERATOR)
    monkeypatch.setattr("public_services.views.may_create", lambda user, _agency: require_operator(user, 0))
    page = client_of(operator).get("/layanan/")
    assert page.status_code == 403
    assert "Hanya operator OPD ini" in page.content.decode()


@pytest.mark.parametrize("text", ["²", "²²²²", "١٢٣٤", "9" * 40, "-1", "1e3", "\x00"])
def test_digits_that_are_none_are_no_error(text: str, client_of: Callable[[User], Client]) -> None:
    """`str.isdigit` says yes to a superscript, and `int` then raises."""
    auditor = client_of(factories.member(Role.AUDITOR))
    assert auditor.post("/audit/pengadaan/saringan/", {"forget": text, "name": "x"}).status_code == 302
    assert auditor.get("/ocds/rilis/", {"tahun": text}).status_code == 400
    service = factories.public_service()
    operator = client_of(factories.member(Role.OPERATOR))
    assert operator.get(f"/layanan/{service.pk}/prosedur/", {"usulan": text}).status_code == 200
