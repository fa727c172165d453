"""What everybody may see: no sign-in, cacheable, nothing personal, the same figures as inside; open data with a
dictionary."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.models import Region
from dashboards.filters import DashboardFilter
from dashboards.overview import figures
from dashboards.overview.packages import package_figures
from dashboards.public.open_data import DATASETS
from dashboards.summaries import refresh as summaries
from programs.choices import ReportState
from programs.models import Program, ReportValue
from tests import factories, generated_year, worlds

ClientOf = Callable[[User], Client]
YEAR = timezone.localdate().year - 1


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[generated_year.Year]:
    with worlds.kept_for_a_module(django_db_blocker):
        found = generated_year.generate(YEAR)
        assert factories.public_service(name="=HYPERLINK()").pk
        summaries.refresh()
        yield found


@pytest.fixture
def made(kept: generated_year.Year, db: None) -> generated_year.Year:
    return kept


def rows_of(client: Client, name: str) -> list[dict[str, str]]:
    response = client.get(f"/publik/data/{name}.csv?tahun={YEAR}")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]  # a file's answer streams
    return list(csv.DictReader(io.StringIO(text)))


def test_the_page_is_open_and_any_cache_may_keep_it(
    made: generated_year.Year, office: User, client_of: ClientOf
) -> None:
    stranger = Client().get(f"/publik/?tahun={YEAR}")
    assert stranger.status_code == 200
    assert stranger.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in stranger.headers.get("Vary", "")
    assert not stranger.cookies
    signed_in = client_of(office).get(f"/publik/?tahun={YEAR}")
    assert signed_in.content == stranger.content  # who is signed in sees the same
    again = Client().get(f"/publik/?tahun={YEAR}", headers={"if-none-match": stranger.headers["ETag"]})
    assert again.status_code == 304
    Program.objects.filter(pk=made.programs[0].pk).update(budget_rupiah=3)
    summaries.refresh()
    changed = Client().get(f"/publik/?tahun={YEAR}", headers={"if-none-match": stranger.headers["ETag"]})
    assert changed.status_code == 200


@pytest.fixture
def office(db: None) -> User:
    return factories.member(Role.GOVERNORS_OFFICE)


def test_the_same_figures_as_inside(made: generated_year.Year, office: User) -> None:
    page = Client().get(f"/publik/?tahun={YEAR}").context["page"]
    inside = figures.overview(office, DashboardFilter(YEAR)).total
    assert (page["whole"].total.programs, page["whole"].total.spent_rupiah) == (inside.programs, inside.spent_rupiah)
    assert page["packages"] == package_figures(office, DashboardFilter(YEAR))
    rows = rows_of(Client(), "program")
    assert len(rows) == inside.programs
    assert sum(float(row["anggaran_rp"]) for row in rows) == float(inside.budget_rupiah)
    assert sum(float(row["realisasi_rp"] or 0) for row in rows) == float(inside.spent_rupiah)
    by_code = {row.kemendagri_code for row in Region.objects.all()}
    assert all(set(row["wilayah"].split(";")) <= by_code for row in rows)
    assert len(rows_of(Client(), "paket")) == len(made.packages)


def test_results_are_verified_ones_only(made: generated_year.Year) -> None:
    shown = rows_of(Client(), "hasil")
    wanted = ReportValue.objects.filter(
        report__state__in=[ReportState.VERIFIED, ReportState.LOCKED], report__is_current=True, value__isnull=False
    )
    assert len(shown) == wanted.count() > 0
    assert wanted.count() < ReportValue.objects.delivered().filter(value__isnull=False).count()


@pytest.mark.parametrize("name", list(DATASETS))
def test_csv_json_and_dictionary_agree(made: generated_year.Year, name: str) -> None:
    client = Client()
    rows = rows_of(client, name)
    answer = client.get(f"/publik/data/{name}.json?tahun={YEAR}")
    whole = json.loads(answer.content)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert (whole["lisensi"], whole["tahun"], whole["berikutnya"]) == ("CC BY 4.0", YEAR, None)
    assert len(whole["data"]) == len(rows)
    dictionary = client.get("/publik/kamus/").content.decode()
    assert f'id="{name}"' in dictionary
    header = [column.name for column in DATASETS[name].columns]
    assert all(f"<code>{column}</code>" in dictionary for column in header)
    for row, item in zip(rows, whole["data"], strict=True):
        assert list(row) == header == list(item)


def test_pages_of_the_api_lead_on(made: generated_year.Year, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboards.public import views as public_views

    monkeypatch.setattr(public_views, "ROWS_A_PAGE", 7)
    address, seen = f"/publik/data/paket.json?tahun={YEAR}", []
    while address:
        part = json.loads(Client().get(address).content)
        seen += [row["kode_rup"] for row in part["data"]]
        address = (part["berikutnya"] or "").partition("8000")[2]
    assert seen == sorted(package.rup_code for package in made.packages)


def test_nothing_personal_and_no_formula(made: generated_year.Year) -> None:
    client = Client()
    everything = client.get(f"/publik/?tahun={YEAR}").content.decode()
    for name in DATASETS:
        everything += "\n".join(map(str, rows_of(client, name)))
    for person in User.objects.all():
        assert person.full_name not in everything
    assert rows_of(client, "layanan")[0]["layanan"] == "'=HYPERLINK()"


@pytest.mark.parametrize(
    "query", ["tahun=x", "tahun=0", "tahun=99999999", "halaman=-1", "halaman=x", "halaman=99999", "tahun=%00"]
)
def test_nonsense_is_no_error(db: None, query: str) -> None:
    for path in ("/publik/", "/publik/kamus/", "/publik/data/paket.csv", "/publik/data/paket.json"):
        assert Client().get(f"{path}?{query}").status_code == 200
    assert Client().get("/publik/data/rahasia.csv").status_code == 404
