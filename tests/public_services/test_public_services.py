"""Services and procedures: entering, the score that follows the steps, proposals, the head's decision, the ranking."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.choices import Role
from core.decided import AlreadyDecided
from public_services import flow, ranking
from public_services.choices import Actor
from public_services.forms import PublicServiceForm
from public_services.models import DocumentKind, Procedure, PublicService
from public_services.services import StepInput, decide_proposal, measured, save_procedure, withdraw_proposal
from tests import factories

ClientOf = Callable[[User], Client]
FACTS = {
    "name": "Izin contoh",
    "product": "Izin",
    "users": "Warga",
    "digital_level": "0",
    "fee_rupiah": "0",
    "legal_basis": "Pergub 1/2024",
    "promised_days": "5",
    "volume": "100",
    "complaints": "2",
    "is_active": "on",
}


def rows(*steps: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {"form-TOTAL_FORMS": str(len(steps)), "form-INITIAL_FORMS": "0"}
    for number, step in enumerate(steps):
        data |= {f"form-{number}-{name}": value for name, value in ({"actor": "officer", "days": "0"} | step).items()}
    return data


def step(
    name: str, actor: str = Actor.OFFICER, days: int = 1, *, is_visit: bool = False, documents: Any = ()
) -> StepInput:
    return StepInput(name, actor, Decimal(days), is_visit, list(documents))


def test_from_the_service_to_a_shorter_procedure(operator: User, head: User, client_of: ClientOf) -> None:
    identity = DocumentKind.objects.create(name="KTP", held_by="Dukcapil")
    typist, chief = client_of(operator), client_of(head)
    typist.post("/layanan/baru/", FACTS)
    service = PublicService.objects.get()
    here = f"/layanan/{service.pk}"
    assert typist.post(f"{here}/prosedur/", rows({"name": ""})).status_code == 422
    typist.post(
        f"{here}/prosedur/",
        rows(
            {"name": "Datang", "actor": "applicant", "is_visit": "on", "documents": [identity.pk]},
            {"name": "Periksa", "days": "2,5"},
            {"name": "Tanda tangan", "actor": "head", "days": "4"},
        ),
    )
    first = Procedure.objects.get()
    assert (first.state, first.steps_count, first.visits, first.known_documents, first.days) == (
        "in_force",
        3,
        1,
        1,
        Decimal("6.50"),
    )
    page = typist.get(f"{here}/").content.decode()
    assert "Dukcapil" in page
    assert '<svg class="flow"' in page
    assert "6,5 hari kerja" in page, "the steps take longer than what is promised"
    shorter = rows(
        {"name": "Ajukan daring", "actor": "applicant"}, {"name": "Tanda tangan", "actor": "head", "days": "1"}
    )
    assert typist.post(f"{here}/prosedur/", shorter).status_code == 422, "a proposal says what it improves"
    typist.post(f"{here}/prosedur/", shorter | {"reason": "Tidak perlu datang"})
    proposal = Procedure.objects.proposed().get()
    assert head.notices.exists()
    assert proposal.score < first.score
    assert chief.post(f"/layanan/usulan/{proposal.pk}/putusan/", {"act": "adopt", "reason": ""}).status_code == 422
    chief.post(f"/layanan/usulan/{proposal.pk}/putusan/", {"act": "adopt", "reason": "Sudah diuji"})
    first.refresh_from_db()
    proposal.refresh_from_db()
    assert (first.state, proposal.state, proposal.decided_by) == ("replaced", "in_force", head)
    assert operator.notices.exists()
    rank = ranking.by_agency(PublicService.objects.all())[0]
    assert (rank.saved_days, rank.saved_visits, rank.digital) == (Decimal("5.50"), 1, 0)


def test_bad_facts_are_refused_with_the_remedy(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    online = client.post("/layanan/baru/", FACTS | {"digital_level": "4"})
    assert "alamat" in online.content.decode()
    assert client.post("/layanan/baru/", FACTS | {"promised_days": "lama"}).status_code == 422
    assert not PublicService.objects.exists()
    service = factories.public_service()
    assert client.post(f"/layanan/{service.pk}/prosedur/", rows({"name": "X", "days": "-1"})).status_code == 422
    assert client.post(f"/layanan/{service.pk}/prosedur/", {"form-TOTAL_FORMS": "x"}).status_code == 422
    assert client.get(f"/layanan/{service.pk}/prosedur/?usulan=99").status_code == 404
    assert not Procedure.objects.exists()


def test_another_opd_does_not_write_here(db: None, client_of: ClientOf) -> None:
    service = factories.public_service()
    stranger = client_of(factories.member(Role.OPERATOR, "Dinkes"))
    assert stranger.get(f"/layanan/{service.pk}/").status_code == 200, "services are no secret"
    assert stranger.get(f"/layanan/{service.pk}/ubah/").status_code == 404
    assert stranger.post(f"/layanan/{service.pk}/prosedur/", rows({"name": "X"})).status_code == 404


def test_stored_counts_are_those_of_the_steps(operator: User) -> None:
    kinds = [DocumentKind.objects.create(name=f"D{n}", held_by="X" if n % 2 else "") for n in range(4)]
    procedure = save_procedure(
        service=factories.public_service(),
        by=operator,
        steps=[
            step("A", Actor.APPLICANT, is_visit=True, documents=kinds),
            step("B", days=3),
            step("C", Actor.HEAD, documents=kinds[:1]),
        ],
    )
    assert measured(procedure) == procedure.complexity
    corrected = save_procedure(service=procedure.service, by=operator, steps=[step("A")], procedure=procedure)
    assert (corrected.pk, corrected.steps_count, corrected.score) == (procedure.pk, 1, Decimal("1.5"))


def test_a_decided_proposal_stays(operator: User, head: User) -> None:
    from django.core.exceptions import ValidationError

    service = factories.public_service()
    save_procedure(service=service, by=operator, steps=[step("A"), step("B")])
    proposal = save_procedure(service=service, by=operator, steps=[step("A")], reason="Lebih pendek")
    decide_proposal(procedure=proposal, by=head, adopt=False, reason="Belum siap")
    proposal.refresh_from_db()
    for act in (
        lambda: decide_proposal(procedure=proposal, by=head, adopt=True, reason="x"),
        lambda: save_procedure(service=service, by=operator, steps=[step("A")], procedure=proposal),
    ):
        with pytest.raises((ValidationError, AlreadyDecided)):
            act()
    assert service.procedures.in_force().get().steps_count == 2


def test_the_picture_has_a_lane_per_actor_and_a_box_per_step(operator: User) -> None:
    procedure = save_procedure(
        service=factories.public_service(),
        by=operator,
        steps=[step("A", Actor.APPLICANT), step("B"), step("C", Actor.APPLICANT)],
    )
    drawn = flow.draw(list(procedure.steps.all()))
    assert (len(drawn.lanes), len(drawn.boxes), len(drawn.paths)) == (2, 3, 2)
    assert drawn.boxes[0].y == drawn.boxes[2].y != drawn.boxes[1].y


def test_the_list_takes_few_queries_and_filters(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)

    def add(steps: int) -> PublicService:
        service = factories.public_service()
        save_procedure(service=service, by=operator, steps=[step(f"S{n}", days=10) for n in range(steps)])
        return service

    short, long = add(1), add(9)
    client.get("/layanan/")

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    few = count("/layanan/"), count("/layanan/peringkat/")
    for _number in range(12):
        add(2)
    assert (count("/layanan/"), count("/layanan/peringkat/")) == few
    found = client.get("/layanan/", {"band": "complex"}).content.decode()
    assert long.name in found
    assert short.name not in found
    assert client.get("/layanan/", {"band": "x", "urut": "\x00", "digital_level": "99"}).status_code == 200


def test_a_procedure_is_corrected_after_its_decider_has_left(operator: User, head: User) -> None:
    """Who decided held the role at that moment; nobody asks for it again when the row is written on."""
    service = factories.public_service()
    step = StepInput("Daftar", "counter", Decimal(1), is_visit=False)
    save_procedure(service=service, by=operator, steps=[step, step])
    proposal = save_procedure(service=service, by=operator, steps=[step], reason="Lebih singkat")
    decide_proposal(procedure=proposal, by=head, adopt=True, reason="Bagus")
    head.memberships.all().delete()
    current = service.procedures.in_force().get()
    saved = save_procedure(service=service, by=operator, steps=[step, step, step], procedure=current)
    assert (saved.steps_count, saved.decided_by) == (3, head)


@pytest.mark.parametrize(("typed", "read"), [("1.000", 1_000), ("11200", 11_200), ("12.345", 12_345), ("0", 0)])
def test_counts_are_read_as_they_are_written_here(typed: str, read: int) -> None:
    form = PublicServiceForm({"volume": typed, "complaints": typed})
    form.is_valid()
    assert {"volume", "complaints"} & set(form.errors) == set()
    assert (form.cleaned_data["volume"], form.cleaned_data["complaints"]) == (read, read)


@pytest.mark.parametrize("typed", ["11,234", "1.000,5", "-1", "9" * 19, "2.147.483.648", "", "banyak"])
def test_what_is_no_count_is_refused(typed: str) -> None:
    assert {"volume", "complaints"} <= set(PublicServiceForm({"volume": typed, "complaints": typed}).errors)


def test_a_proposal_comes_back_until_the_head_has_opened_it(operator: User, head: User, client_of: ClientOf) -> None:
    service = factories.public_service()
    save_procedure(service=service, by=operator, steps=[step("A"), step("B")])
    proposal = save_procedure(service=service, by=operator, steps=[step("A")], reason="Lebih pendek")
    typist = client_of(operator)
    assert "Tarik kembali" in typist.get(f"/layanan/{service.pk}/").content.decode()
    typist.post(f"/layanan/usulan/{proposal.pk}/tarik/")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("recalled", None)
    with pytest.raises(AlreadyDecided):
        decide_proposal(procedure=proposal, by=head, adopt=True, reason="Baik")
    second = save_procedure(service=service, by=operator, steps=[step("A")], reason="Lebih pendek")
    client_of(head).get(f"/layanan/{service.pk}/")
    with pytest.raises(ValidationError, match=head.full_name):
        withdraw_proposal(procedure=second, by=operator)
    assert service.procedures.in_force().count() == 1
