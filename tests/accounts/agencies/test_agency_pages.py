"""The pages of OPD: what would go where, then the change itself; and what lists of others say of a former OPD."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.agencies.choices import AgencyChangeKind
from accounts.agencies.models import AgencyChange
from accounts.agencies.services import Plan, Target, carry_out
from accounts.models import Agency, User
from core.choices import Role
from programs.models import Program
from tests import factories

ClientOf = Callable[[User], Client]
YEAR = timezone.localdate().year
SAID = {"day": f"{YEAR}-01-01", "basis": "Perda 4/2025", "reason": "Susunan perangkat daerah berubah"}


@pytest.fixture
def steward(db: None) -> User:
    return factories.member(Role.DATA_STEWARD)


def test_a_merger_is_shown_before_it_is_done(steward: User, client_of: ClientOf) -> None:
    program, old, into = factories.ProgramFactory(), factories.agency(), factories.agency("Dinkes")
    client, page = client_of(steward), f"/acuan/opd/{factories.agency().pk}/merge/"
    said = SAID | {"into": str(into.pk)}
    shown = client.post(page, said | {"act": "preview"})
    assert program.name in shown.content.decode()
    assert not AgencyChange.objects.exists()
    seen = re.search(r'name="seen" value="(\w+)"', shown.content.decode())
    assert seen
    other = client.post(page, SAID | {"into": str(factories.agency("Dinsos").pk), "act": "carry_out", "seen": seen[1]})
    assert other.status_code == 200, "what was not shown is shown first"
    assert not AgencyChange.objects.exists()
    done = client.post(page, said | {"act": "carry_out", "seen": seen[1]})
    assert done.status_code == 302
    assert Program.objects.get(pk=program.pk).agency == into
    text = client.get(f"/acuan/opd/{old.pk}/").content.decode()
    assert "Perda 4/2025" in text
    assert into.name in text


def test_a_split_offers_a_place_for_each_row(steward: User, client_of: ClientOf) -> None:
    program = factories.ProgramFactory()
    said = SAID | {
        "existing_1": str(factories.agency().pk),
        "name_2": "Dinas Kebudayaan",
        "short_name_2": "Disbud",
        "code_2": "2.22.0.00.0.00.01.0000",
        "act": "preview",
    }
    client, page = client_of(steward), f"/acuan/opd/{factories.agency().pk}/split/"
    text = client.post(page, said).content.decode()
    assert f'name="to-program-{program.pk}"' in text
    seen = re.search(r'name="seen" value="(\w+)"', text)
    assert seen
    chosen = {f"to-program-{program.pk}": "1", "act": "carry_out", "seen": seen[1]}
    assert client.post(page, said | chosen).status_code == 302
    assert Program.objects.get(pk=program.pk).agency.name == "Dinas Kebudayaan"


def test_what_is_wrong_stands_beside_its_field(steward: User, client_of: ClientOf) -> None:
    page = f"/acuan/opd/{factories.agency().pk}/rename/"
    taken = SAID | {"name": "Dinas Kesehatan", "short_name": "D", "code": "1.01.0.00.0.00", "act": "preview"}
    answer = client_of(steward).post(page, taken)
    assert answer.status_code == 422
    assert "Dinkes" in str(answer.context["form"].errors["name"])


def test_a_former_opd_is_offered_for_looking_back_only(steward: User, client_of: ClientOf) -> None:
    old = factories.agency()
    target = Target(code=old.code, name="Dinas Pendidikan", short_name="Disdik")
    day = dt.date(YEAR, 1, 1)
    carry_out(Plan(old, AgencyChangeKind.RENAME, day, "Perda 4/2025", "Nama baru", [target]), by=steward)
    office = client_of(factories.member(Role.GOVERNORS_OFFICE))
    label = f"{old.name} (sampai 31/12/{YEAR - 1})"
    assert label in office.get("/pengadaan/").content.decode()
    form = office.get("/arahan/baru/").content.decode()
    assert "Dinas Pendidikan<" in form
    assert old.name not in form
    listed = client_of(steward).get("/acuan/opd/?state=former").content.decode()
    assert old.name in listed
    assert Agency.objects.living().filter(code=old.code).count() == 1


def test_an_opd_that_was_closed_in_another_tab_is_told_and_nothing_typed_is_lost(
    steward: User, client_of: ClientOf
) -> None:
    client, old = client_of(steward), factories.agency()
    carry_out(
        Plan(
            old,
            AgencyChangeKind.MERGE,
            dt.date(YEAR, 1, 1),
            "Perda 4/2025",
            "Digabung",
            [Target(existing=factories.agency("Dinkes"))],
        ),
        by=steward,
    )
    address = f"/acuan/opd/{old.pk}/rename/"
    typed = {
        "day": f"{YEAR}-01-01",
        "code": old.code,
        "name": "Dinas Cerdas",
        "short_name": "Cerdas",
        "basis": "Perda 9",
    }
    answer = client.post(address, typed | {"reason": "Berganti nama"})
    assert answer.status_code == 422
    assert "Dinas Cerdas" in answer.content.decode()
    assert client.get(address).status_code == 302


def test_a_merger_asks_where_people_go(steward: User, head: User, client_of: ClientOf) -> None:
    into = factories.agency("Dinkes")
    factories.member(Role.AGENCY_HEAD, "Dinkes")
    client, old = client_of(steward), factories.agency()
    typed = {"day": f"{YEAR}-01-01", "into": str(into.pk), "basis": "Perda 4/2025", "reason": "Digabung"}
    page = client.post(f"/acuan/opd/{old.pk}/merge/", typed)
    row = head.memberships.get()
    assert f'name="to-member-{row.pk}"' in page.content.decode()
    answer = client.post(
        f"/acuan/opd/{old.pk}/merge/",
        typed | {"act": "carry_out", "seen": page.context["preview"]["seen"], f"to-member-{row.pk}": "stay"},
    )
    assert answer.status_code == 302
    assert not head.memberships.filter(agency=into).exists()


def test_what_was_changed_after_the_preview_is_shown_first(steward: User, client_of: ClientOf) -> None:
    into, old, client = factories.agency("Dinkes"), factories.agency(), client_of(steward)
    typed = {"day": f"{YEAR}-01-01", "into": str(into.pk), "basis": "Perda 4/2025", "reason": "Digabung"}
    seen = client.post(f"/acuan/opd/{old.pk}/merge/", typed).context["preview"]["seen"]
    changed = typed | {"basis": "Perda 5/2025", "act": "carry_out", "seen": seen}
    assert client.post(f"/acuan/opd/{old.pk}/merge/", changed).status_code == 200
    old.refresh_from_db()
    assert old.closed_on is None


def test_a_name_beside_a_chosen_opd_is_not_dropped_without_a_word(steward: User, client_of: ClientOf) -> None:
    said = SAID | {
        "existing_1": str(factories.agency().pk),
        "existing_2": str(factories.agency("Dinkes").pk),
        "name_2": "Dinas Kebudayaan",
        "act": "preview",
    }
    answer = client_of(steward).post(f"/acuan/opd/{factories.agency().pk}/split/", said)
    assert answer.status_code == 422
    assert "Dinkes" in str(answer.context["form"].errors["name_2"])
    text = answer.content.decode()
    assert all(f"Bagian {part}</legend>" in text for part in range(1, 5))


def test_the_list_of_opd_has_no_column_of_dashes(steward: User, client_of: ClientOf) -> None:
    client, old = client_of(steward), factories.agency()
    assert "Tidak ada lagi sejak" not in client.get("/acuan/opd/").content.decode()
    target = Target(code=old.code, name="Dinas Pendidikan", short_name="Disdik")
    carry_out(
        Plan(old, AgencyChangeKind.RENAME, dt.date(YEAR, 1, 1), "Perda 4/2025", "Nama baru", [target]), by=steward
    )
    assert "Tidak ada lagi sejak" in client.get("/acuan/opd/").content.decode()
