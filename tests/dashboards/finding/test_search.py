"""The search: what is found, by whom, and how it is shown."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from dashboards.finding import vocabulary
from dashboards.finding.kinds import KINDS
from dashboards.finding.presenters import marked
from dashboards.finding.services import find
from dashboards.finding.words import taken_apart
from dashboards.models import Directive, SearchWord
from tests import factories

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
TODAY = timezone.localdate()
WORD = "zirkonium"  # stands nowhere in the reference data


def titles(user: User, typed: str, slug: str = "") -> dict[str, list[str]]:
    hits, _right = find(user, taken_apart(typed), slug=slug)
    return {each.kind.slug: [found.title for found in each.found] for each in hits}


@pytest.fixture
def everything(db: None) -> None:
    """One of each kind with the word, of Disdikbud; what the OPD has not handed in yet, too."""
    operator = factories.member(Role.OPERATOR)
    program = factories.ProgramFactory(name=f"Program {WORD}")
    draft = factories.ProgramFactory(name=f"Rancangan {WORD}", state="draft", registered_at=None)
    for each in (program, draft):
        factories.IndicatorFactory(program=each, name=f"Indikator {WORD} {each.state}")
        row = factories.sub_activity(each)
        row.name = f"Sub kegiatan {WORD} {each.state}"
        row.save()
    factories.report_of(program, operator)
    factories.PackageFactory(name=f"Paket {WORD}")
    factories.supplier(name=f"CV {WORD}", business_number="1234567890123")
    factories.public_service(name=f"Layanan {WORD}")
    factories.SeriesFactory(name=f"Seri {WORD}")
    for name in ("Disdikbud", "Dinkes"):
        Directive.objects.create(
            agency=factories.agency(name),
            year=TODAY.year,
            number=800 + len(name),
            text=f"Arahan {WORD} {name}",
            measure="Selesai",
            due_on=TODAY,
            given_by=factories.UserFactory(),
        )


OPEN = {"layanan", "seri"}  # to everybody who is signed in
SEEN = {
    Role.OPERATOR: OPEN | {"program", "indikator", "sub-kegiatan", "laporan", "paket", "penyedia", "arahan"},
    Role.AGENCY_HEAD: OPEN | {"program", "indikator", "sub-kegiatan", "laporan", "paket", "penyedia", "arahan"},
    Role.VERIFIER: OPEN | {"program", "indikator", "sub-kegiatan", "arahan"},
    Role.GOVERNORS_OFFICE: OPEN | {"program", "indikator", "sub-kegiatan", "paket", "penyedia", "arahan"},
    Role.AUDITOR: OPEN | {"program", "indikator", "sub-kegiatan", "paket", "penyedia", "arahan"},
    Role.DATA_STEWARD: OPEN | {"program", "indikator", "sub-kegiatan", "penyedia"},
    Role.ADMINISTRATOR: OPEN,
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_finds_what_its_lists_show(role: Role, everything: None) -> None:
    found = titles(factories.member(role), WORD)
    assert set(found) == SEEN[role]
    drafts = [title for rows in found.values() for title in rows if "draft" in title or "Rancangan" in title]
    assert bool(drafts) == (role in {Role.OPERATOR, Role.AGENCY_HEAD}), "drafts stay with their OPD"


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AGENCY_HEAD])
def test_nobody_finds_what_another_agency_keeps(role: Role, everything: None) -> None:
    found = titles(factories.member(role, "Dinkes"), WORD)
    assert set(found) == OPEN | {"penyedia", "arahan"}
    assert found["arahan"] == [f"Arahan {WORD} Dinkes"]


def test_nobody_is_found_by_a_number_of_theirs(everything: None, auditor: User) -> None:
    person = factories.supplier(name="Budi Perorangan", kind="person" if "person" in _kinds() else "other")
    assert not titles(auditor, person.tax_number)
    assert not titles(auditor, auditor.full_name + " " + auditor.username)


def _kinds() -> list[str]:
    from procurement.choices import SupplierKind

    return list(SupplierKind.values)


def test_words_of_several_columns_and_relations(operator: User) -> None:
    program = factories.ProgramFactory(name="Penurunan stunting")
    factories.report_of(program, operator, quarter=3)
    factories.report_of(program, operator, quarter=2)
    package = factories.PackageFactory(name="Pengadaan ambulans", rup_code="51234567")
    assert titles(operator, "stunting disdikbud")["program"] == ["Penurunan stunting"]
    assert titles(operator, f"stunting {TODAY.year}")["program"] == ["Penurunan stunting"]
    assert not titles(operator, "stunting 2019")
    assert titles(operator, "laporan stunting triwulan iii")["laporan"] == [
        f"Penurunan stunting · Triwulan III {TODAY.year}"
    ]
    assert titles(operator, "5123456") == {"paket": [package.name]}
    assert titles(operator, "paket ambulans")["paket"] == [package.name]


def test_prefixes_and_endings_are_seen_through(operator: User) -> None:
    factories.ProgramFactory(name="Membangun jembatan gantung")
    assert titles(operator, "pembangunan jembatan")["program"] == ["Membangun jembatan gantung"]


@pytest.mark.parametrize("typed", ["stuntign", "psoyandu", "posyandhu stuntin"])
def test_slight_misspellings_are_forgiven(typed: str, operator: User) -> None:
    factories.ProgramFactory(name="Posyandu dan stunting")
    assert not find(operator, taken_apart(typed))[0]
    vocabulary.refresh()
    typed_words = taken_apart(typed)
    hits, right = find(operator, typed_words)
    assert right is not typed_words
    assert hits[0].found[0].title == "Posyandu dan stunting"


def test_words_of_other_agencies_drafts_put_nothing_right_that_is_then_shown(operator: User) -> None:
    """A mistyped word may be put right by a word of a draft; what is found is the reader's own all the same."""
    factories.ProgramFactory(name="Rahasia zirkonium", state="draft", registered_at=None)
    vocabulary.refresh()
    assert not find(factories.member(Role.VERIFIER), taken_apart("zirkonuim"))[0]
    assert find(operator, taken_apart("zirkonuim"))[0]


def test_the_vocabulary_takes_in_each_word_once(operator: User) -> None:
    factories.ProgramFactory(name="Zirkonium, zirkonium; ZIRKONIUM 12345 di")
    assert vocabulary.refresh() > 0
    assert vocabulary.refresh() == 0
    assert list(SearchWord.objects.filter(word__startswith="zirk").values_list("word", flat=True)) == ["zirkonium"]


def test_the_best_comes_first(operator: User) -> None:
    for name in ("Sarana penunjang air", "Air minum", "Pengelolaan air minum perdesaan dan perkotaan"):
        factories.ProgramFactory(name=name)
    assert titles(operator, "air minum")["program"] == ["Air minum", "Pengelolaan air minum perdesaan dan perkotaan"]


def test_what_is_saved_is_found_at_once_and_no_longer_by_its_old_name(operator: User) -> None:
    program = factories.ProgramFactory(name="Nama semula")
    program.name = "Nama baru"
    program.save()
    assert titles(operator, "nama baru")["program"] == ["Nama baru"]
    assert "program" not in titles(operator, "nama semula", slug="program")


@pytest.mark.parametrize("typed", ["", " ", "a", "%", "_", "'", "\\", "--", "\0ab", "a" * 500, "(*[", "%%s %s"])
def test_whatever_is_typed_is_answered(typed: str, operator: User, client_of: ClientOf) -> None:
    assert client_of(operator).get("/cari/", {"q": typed, "jenis": "tidak-ada"}).status_code == 200


@pytest.mark.parametrize("typed", ["zirkonium", "zirkonuim", "paket 2026 dinas"])
def test_queries_do_not_grow_with_what_is_found(typed: str, operator: User, client_of: ClientOf) -> None:
    asked = []
    for more in (0, 2, 8):
        for number in range(more):
            program = factories.ProgramFactory(name=f"Program {WORD} {number} {more}")
            factories.IndicatorFactory(program=program, name=f"Indikator {WORD}")
            factories.PackageFactory(name=f"Paket {WORD}")
        with CaptureQueriesContext(connection) as queries:
            assert client_of(operator).get("/cari/", {"q": typed if more else ""}).status_code == 200
        asked.append(len(queries))
    bare, few, many = asked
    assert few == many
    assert few <= bare + 4 + len(KINDS), "stems, OPD, what stands nowhere and what is like it; each kind once"


def test_the_page_marks_the_words_and_leads_on(operator: User, client_of: ClientOf) -> None:
    for number in range(7):
        factories.ProgramFactory(name=f"Bayi <b>{WORD}</b> {number}")
    page = client_of(operator).get("/cari/", {"q": WORD}).content.decode()
    assert f"Bayi &lt;b&gt;<mark>{WORD}</mark>" in page
    assert f"/cari/?q={WORD}&amp;jenis=program" in page
    assert page.count("data-found") == 6, "five, and the way to the others"
    assert client_of(operator).get("/cari/", {"q": WORD, "jenis": "program"}).content.decode().count("data-found") == 7
    nothing = client_of(operator).get("/cari/", {"q": "qqqqxxxx"}).content.decode()
    assert "Coba kata yang lebih sedikit" in nothing


def test_marks_stand_around_what_was_looked_for(db: None) -> None:
    assert list(marked("Bayi stunting", taken_apart("STUNT"))) == [("Bayi ", False), ("stunt", True), ("ing", False)]
    assert ("ambulans", True) in marked("Paket ambulans", taken_apart("ambulans"))


def test_the_api_finds_the_same(everything: None, client_of: ClientOf) -> None:
    stranger = factories.member(Role.OPERATOR, "Dinkes")
    rows = client_of(stranger).get("/api/v1/search/", {"q": WORD}).json()
    assert {row["kind"] for row in rows} == OPEN | {"penyedia", "arahan"}
    assert all(row["url"].startswith("http://testserver/") for row in rows)
