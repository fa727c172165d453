"""A draft is deleted with what hangs on it, and a registered programme becomes a draft again; each with its limits."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import User
from core.choices import Role
from core.models import AuditEvent
from programs.models import Activity, Indicator, Program
from programs.registration.permissions import may_delete, may_reopen
from programs.registration.services import delete_draft, reopen_program
from tests import factories

ClientOf = Callable[[User], Client]


def _draft(**values: Any) -> Program:
    program: Program = factories.ProgramFactory(state="draft", registered_at=None, **values)
    return program


def test_a_draft_goes_with_all_that_was_typed_of_it(operator: User, client_of: ClientOf) -> None:
    program = _draft()
    indicator = factories.IndicatorFactory(program=program)
    factories.sub_activity(program)
    client = client_of(operator)
    assert "Hapus draf ini" in client.get(f"/program/{program.pk}/").content.decode()
    client.post(f"/program/{program.pk}/hapus/")
    assert not Program.objects.filter(pk=program.pk).exists()
    assert not Indicator.objects.exists()
    assert not Activity.objects.exists()
    event = AuditEvent.objects.get(action="program.deleted")
    assert event.target_name == program.name
    assert event.details["indicators"] == [indicator.name]
    assert event.details["sub_activities"] == [f"9.{program.pk}.1"]
    gone = Indicator.pgh_event_model.objects.filter(pgh_obj_id=indicator.pk, pgh_label="delete")  # type: ignore[attr-defined]  # django-pghistory adds it
    assert gone.exists()


@pytest.mark.parametrize("below", ["", "ubah/", "indikator/"])
def test_who_deleted_it_is_said_where_it_stood(below: str, operator: User, client_of: ClientOf) -> None:
    program, colleague = _draft(), factories.member(Role.OPERATOR)
    delete_draft(pk=program.pk, by=operator)
    answer = client_of(colleague).get(f"/program/{program.pk}/{below}")
    assert answer.status_code == 410
    assert f"(“{program.name}”) oleh {operator} pada" in answer.content.decode()
    stranger = factories.member(Role.OPERATOR, "Dinkes")
    assert client_of(stranger).get(f"/program/{program.pk}/{below}").status_code == 404


@pytest.mark.parametrize("below", ["ubah/", "indikator/", "hapus/", "jadikan-draf/", "sasaran/", "dasar-hukum/"])
def test_who_deleted_it_is_said_with_what_was_typed(below: str, operator: User, client_of: ClientOf) -> None:
    program, colleague = _draft(), factories.member(Role.OPERATOR)
    delete_draft(pk=program.pk, by=operator)
    address, typed = f"/program/{program.pk}/{below}", {"reason": "Sungai Mahakam surut"}
    answer = client_of(colleague).post(address, typed)
    assert answer.status_code == 410
    for said in (str(operator), program.name, typed["reason"]):
        assert said in answer.content.decode()
    assert client_of(factories.member(Role.OPERATOR, "Dinkes")).post(address, typed).status_code == 404


def test_what_others_rest_on_stays(operator: User) -> None:
    registered = factories.ProgramFactory()
    bought = _draft()
    factories.PackageFactory(program=bought)
    listed = _draft()
    sub = factories.sub_activity(listed)
    factories.PackageFactory(sub_activity=sub)
    for program in (registered, bought, listed):
        assert not may_delete(operator, program)
        with pytest.raises(ValidationError):
            delete_draft(pk=program.pk, by=operator)
    with pytest.raises(PermissionDenied):
        delete_draft(pk=_draft().pk, by=factories.member(Role.OPERATOR, "Dinkes"))


@pytest.mark.parametrize(("length", "status"), [(500, 302), (501, 422)])
def test_a_reason_is_kept_whole_or_not_at_all(length: int, status: int, operator: User, client_of: ClientOf) -> None:
    """Cut at its limit, it would say something else in the trail, and nobody would know."""
    program, reason = factories.ProgramFactory(), "a" * (length - 1) + "z"
    answer = client_of(operator).post(f"/program/{program.pk}/jadikan-draf/", {"reason": f" {reason} "})
    assert answer.status_code == status
    program.refresh_from_db()
    assert (program.state == "draft") == (status == 302)
    if status == 422:
        assert reason in answer.content.decode()
        assert "teks ini 501 karakter" in answer.content.decode()


def test_a_registered_programme_becomes_a_draft_again_with_a_reason(operator: User, client_of: ClientOf) -> None:
    program = factories.ProgramFactory()
    with pytest.raises(ValidationError):
        reopen_program(pk=program.pk, by=operator, reason=" ")
    client_of(operator).post(f"/program/{program.pk}/jadikan-draf/", {"reason": "Salah kode"})
    program.refresh_from_db()
    assert (program.state, program.registered_at) == ("draft", None)
    assert AuditEvent.objects.get(action="program.reopened").reason == "Salah kode"


def test_once_a_report_was_begun_it_stays_registered(operator: User) -> None:
    indicator = factories.IndicatorFactory()
    factories.report_of(indicator.program, operator)
    assert not may_reopen(operator, indicator.program)
    with pytest.raises(ValidationError):
        reopen_program(pk=indicator.program.pk, by=operator, reason="Salah kode")
    assert not may_reopen(factories.member(Role.OPERATOR, "Dinkes"), factories.ProgramFactory())
