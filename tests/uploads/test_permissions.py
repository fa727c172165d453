"""Who may assign, take over and put aside a list: its own people, in the states that the table of transitions names."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.decided import AlreadyDecided
from tests import factories
from uploads import permissions, services
from uploads.choices import UPLOAD_TRANSITIONS, UploadState
from uploads.models import Upload

ACTS = {
    UploadState.QUEUED: permissions.check_may_assign,
    UploadState.APPLYING: permissions.check_may_apply,
    UploadState.DISCARDED: permissions.check_may_discard,
}


def upload_of(by: User, state: str = "preview") -> Upload:
    return Upload.objects.create(
        agency=factories.agency(),
        fiscal_year=2026,
        uploaded_by=by,
        name="daftar.csv",
        size=20,
        sha256="0" * 64,
        stored_as=f"berkas-{state}",
        state=state,
        applied_by=by if state == "applied" else None,
        applied_at=timezone.now() if state == "applied" else None,
    )


def test_every_state_stands_in_the_table() -> None:
    assert set(UPLOAD_TRANSITIONS) == set(UploadState)


@pytest.mark.parametrize("state", UploadState)
@pytest.mark.parametrize("target", ACTS)
def test_an_act_is_open_where_the_table_says_so(target: UploadState, state: UploadState, operator: User) -> None:
    row = upload_of(operator, state)
    if target in UPLOAD_TRANSITIONS[state]:
        ACTS[target](operator, row)
    else:
        with pytest.raises((ValidationError, AlreadyDecided)):
            ACTS[target](operator, row)


@pytest.mark.parametrize("check", ACTS.values())
def test_nobody_else_may(check: Callable[[User, Upload], None], operator: User) -> None:
    row = upload_of(operator)
    check(factories.member(Role.OPERATOR), row)
    for stranger in (factories.member(Role.OPERATOR, "Dinkes"), factories.member(Role.AGENCY_HEAD)):
        with pytest.raises(PermissionDenied):
            check(stranger, row)


def test_the_services_trust_no_caller(operator: User) -> None:
    row, stranger = upload_of(operator), factories.member(Role.OPERATOR, "Dinkes")
    with pytest.raises(PermissionDenied):
        services.assign_columns(upload=row, mapping={}, by=stranger)
    with pytest.raises(PermissionDenied):
        services.request_apply(pk=row.pk, by=stranger)
    with pytest.raises(PermissionDenied):
        services.discard(pk=row.pk, by=stranger)
