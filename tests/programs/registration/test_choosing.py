"""What the form of a programme offers: codes of programmes alone, and the worst side as the series says it."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from datasources.models import Series
from programs.models import Nomenclature, Program
from programs.registration.needs import worst_side_of
from tests import factories
from tests.programs.reports.test_reports import program_data

ClientOf = Callable[[User], Client]
YEAR = timezone.localdate().year


def test_only_codes_of_programmes_are_found_and_taken(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    found = client.get("/program/kode/", {"nomenclature_search": "1.01", "year": YEAR}).content.decode()
    assert "<code>1.01.02</code>" in found
    others = Nomenclature.objects.valid_in(YEAR).filter(code__startswith="1.01").exclude(level="program")
    assert others.exists()
    for code in others:
        assert f"<code>{code.code}</code>" not in found
        answer = client.post("/program/baru/", program_data(nomenclature=code.pk))
        assert answer.status_code == 200
    assert not Program.objects.exists()


def _new(client: Client, series: Series, **more: Any) -> Any:
    return client.post("/program/baru/", program_data(evidence_series=series.pk, **more))


def test_the_worst_side_comes_from_the_series(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    low = factories.SeriesFactory(worst_side="low")
    factories.observe(low, "94.89", year=YEAR - 1, code="64.71")
    factories.observe(low, "80", year=YEAR - 1, code="64.72")
    preview = client.get("/program/bukti/", {"evidence_series": low.pk, "evidence_worst": ""}).content.decode()
    assert preview.index("Samarinda") < preview.index("Balikpapan")
    assert _new(client, low).status_code == 302
    program = Program.objects.get()
    assert program.evidence_worst == "low"
    assert program.evidence_snapshot["regions"][0][0] == "64.72"
    assert _new(client, low, name="Lain", evidence_worst="high").status_code == 302
    assert Program.objects.get(name="Lain").evidence_worst == "high"


def test_without_a_word_of_the_steward_the_indicators_say_it_or_nobody_does(
    operator: User, client_of: ClientOf
) -> None:
    series = factories.SeriesFactory()
    assert worst_side_of(series) is None
    answer = _new(client_of(operator), series)
    assert answer.status_code == 200
    assert "Belum ada yang menyebutkannya" in answer.content.decode()
    program = factories.ProgramFactory()
    factories.IndicatorFactory(program=program, reference_series=series, direction="maximise")
    assert worst_side_of(series) == "low"
    factories.IndicatorFactory(program=program, reference_series=series, direction="minimise")
    assert worst_side_of(series) is None
