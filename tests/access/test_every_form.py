"""Every form of every page is sent back as it was served: nothing changes, and nothing breaks.

The pages come from the URL table and the forms from the pages, so that a new form is under these rules from its first
day. A form that shows what was typed before is an edit: the button that Enter presses saves it, and the row stays as it
was. Every other form and button may decide, send or refuse; a refusal shows again what was typed.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from lxml import html as markup
from pghistory.models import Event

from accounts.models import Notice, Session, User
from core.fields import EncryptedTextField
from core.periods import Period
from dashboards.models import StaleSubject
from datasources.models import Pull, Series, Source
from datasources.series.forms import STALE_AFTER_HANDED_IN
from procurement.choices import OfficerRole
from procurement.models import Officer, OfficialProfile, Package, SupplierContact, SupplierPerson
from programs.models import Nomenclature, ReportValue, Unit, ValidationRule
from public_services.models import ProcedureStep
from public_services.services import StepInput, save_procedure
from spm.models import Achievement, QualityFigure
from tests import factories, worlds
from tests.access import test_every_url as every_url
from tests.access.served_forms import ServedForm, served_forms

made = every_url.made
world = every_url.world

FRAME = {"accounts:switch-workspace", "account_logout"}  # on every page
# By view and query: shows what it would ask a source for, and asks; a proposal begins with what is in force.
ACTS = {("datasources:refresh-catalogue", ""), ("public_services:procedure", "")}
PAGES = [
    name
    for name, (admitted, method) in every_url.TABLE.items()
    if method == "get" and admitted and not name.startswith(("api-", "open-", "procurement:ocds-", "health"))
] + ["procurement:declare"]
# What a save may change without changing what the row says.
OURS = (
    "accounts.",
    "uploads.",
    "datasources.",
    "spm.",
    "programs.",
    "procurement.",
    "public_services.",
    "evidence.",
    "dashboards.",
)
# Histories, who is signed in or told, what is to be worked out again, trials of a saved series; a long fixed list.
LEFT_OUT = (Event, Session, Notice, StaleSubject, Pull, Nomenclature)
BOOKKEEPING = {"id", "version", "updated_at", "updated_by_id", "changed_at", "changed_by_id", "checked_at", "findings"}
REASON = "Diperiksa kembali"
TEXT = "\r\nBaris kedua; “kutipan” & <tanda>\r\n\r\n  menjorok"  # line breaks as every browser sends them

NOT_TYPED = {
    "csrfmiddlewaretoken",
    "form_key",
    "version",
    "reason",
}  # the reason is ours; a draft is kept before it is refused

Page = tuple[str, User, str]
Pages = dict[str, list[tuple[User, str]]]
Rows = dict[str, dict[Any, dict[str, Any]]]


@pytest.fixture(scope="module")
def rich(made: dict[str, Any], django_db_blocker: Any) -> Iterator[Pages]:
    """Beside the one record of each kind: more pages by the URL's name, with what people type at its most awkward."""
    with worlds.kept_for_a_module(django_db_blocker):
        yield more_pages(made)


def more_pages(made: dict[str, Any]) -> Pages:
    pages: Pages = {}
    for name, user, address in chain(_programs(made), _procurement(made), _official_figures(made), _other(made)):
        pages.setdefault(name, []).append((user, address))
    return pages


def _page(name: str, user: User, *arguments: Any, **query: Any) -> Page:
    return name, user, reverse(name, args=arguments, query=query)


def _programs(made: dict[str, Any]) -> Iterator[Page]:
    operator, head = made["people"]["o"], made["people"]["h"]
    fine = Unit.objects.create(name="Meter kubik per detik", decimals=3)
    program = factories.ProgramFactory(
        state="draft", registered_at=None, budget_rupiah=Decimal(1234567890), problem_statement="Satu" + TEXT
    )
    figures = {"baseline": Decimal("1234.125"), "target": Decimal("2345.375"), "tolerance": Decimal("0.25")}
    factories.IndicatorFactory(program=program, unit=fine, **figures)
    factories.IndicatorFactory(
        program=program, unit=fine, direction="band", band_low=Decimal("1.001"), **figures | {"tolerance": 5}
    )
    factories.IndicatorFactory(program=program, numerator_label="Lulus", denominator_label="Peserta")
    yield _page("programs:edit-program", operator, program.pk)
    yield _page("programs:indicators", operator, program.pk)
    yield from _reports(fine, figures, operator, head)


def _reports(unit: Unit, figures: dict[str, Any], operator: User, head: User) -> Iterator[Page]:
    program = factories.ProgramFactory()
    factories.IndicatorFactory(program=program, unit=unit, **figures)
    fraction = {"formula": "a/b", "numerator_label": "Lulus", "denominator_label": "Peserta"}
    factories.IndicatorFactory(program=program, **fraction)
    factories.sub_activity(program)
    for quarter in (1, 2):
        report = factories.report_of(program, operator, quarter)
        for row in ReportValue.objects.filter(report=report):
            parts = {"numerator": Decimal("1701.25"), "denominator": Decimal(2000), "value": Decimal("85.0625")}
            for name, value in (parts if row.indicator.is_fraction else {"value": Decimal("1500.125")}).items():
                setattr(row, name, value)
            row.reason = "Satu" + TEXT
            row.save()
        report.progress.update(financial_rupiah=250_000, physical_percent=Decimal("33.25"), obstacle="Hujan")
        report.recipients.update(people=100, male=40, female=60)
        yield _page("programs:report", operator, report.pk)
        yield _page("programs:entry", operator, str(report.period))


def _procurement(made: dict[str, Any]) -> Iterator[Page]:
    people = made["people"]
    package = factories.cleared_package(ceiling_rupiah=Decimal(1234567890123), kbki_code="3812101")
    officer = Officer.objects.create(
        package=factories.PackageFactory(), user=people["o"], role=OfficerRole.COMMITMENT_OFFICER
    )
    yield _page("procurement:declare", people["o"], officer.pk)
    yield _page("procurement:edit-package", people["o"], package.pk)
    yield _page("procurement:package", people["o"], package.pk)
    contracted = Package.objects.get(contracts__isnull=False)
    yield _page("procurement:contracting", people["o"], contracted.pk)
    supplier = factories.supplier(name='PT "Maju & Jaya" <Baru>', business_number="1234567890123")
    SupplierPerson.objects.create(
        supplier=supplier,
        name="Siti",
        role="director",
        identity="6472010101800005",
        share_percent=Decimal("33.25"),
        from_day=timezone.localdate(),
    )
    SupplierContact.objects.create(supplier=supplier, kind="phone", value="0812 3456 7890")
    OfficialProfile.objects.create(user=people["o"], identity="6472010101800006", phone="081234567890")
    for name in ("edit-supplier", "supplier"):
        yield _page(f"procurement:{name}", people["s"], supplier.pk)
    yield _page("procurement:particulars", people["o"])


def _official_figures(made: dict[str, Any]) -> Iterator[Page]:
    steward = made["people"]["s"]
    for schedule in PeriodicTask.objects.all():
        yield _page("datasources:edit-schedule", steward, schedule.pk)
    for rule in ValidationRule.objects.all():
        yield _page("programs:edit-rule", steward, rule.pk)
    for kind, query in QUERIES.items():
        source = Source.objects.create(name=f"Sumber {kind}", kind=kind, base_address="http://127.0.0.1:9/")
        if kind == "derived":
            query.update({letter: factories.SeriesFactory().pk for letter in "ab"})
        series = factories.SeriesFactory(
            source=source, query=query, source_unit="Jiwa", unit="Ribu Jiwa", factor=Decimal("0.001")
        )
        series.parts.set(query[letter] for letter in "ab" if letter in query)
        if kind == "upload":
            Series.objects.filter(pk=series.pk).update(stale_after=STALE_AFTER_HANDED_IN)
        yield _page("datasources:edit-source", steward, source.pk)
        for name in ("edit-series", "setup"):
            yield _page(f"datasources:{name}", steward, series.pk)


MAPPING = {"region": "Kab/Kota", "region_name": "Nama", "period": "Tahun", "value": "Nilai, %", "where": "jenis = a"}
QUERIES: dict[str, dict[str, Any]] = {
    "bps": {"model": "statictable", "domain": "6400", "variable": "145", **MAPPING},
    "rest": {"path": "api?a=1&b={first_year}", "records": "data[?a=='b'].c", "page_parameter": "p", "first_page": 0}
    | MAPPING,
    "ckan": {"resource": "a-1_b", **MAPPING},
    "sdmx": {"path": "data/DF/A.64+6401", **MAPPING},
    "file": {"path": "a b.csv", "sheet": "Lembar 1", "heading_row": 3, **MAPPING},
    "upload": {"sheet": "Lembar 1", "heading_row": 3, **MAPPING},
    "derived": {"formula": "a / b * 100"},
}


def _other(made: dict[str, Any]) -> Iterator[Page]:
    operator = made["people"]["o"]
    service = factories.public_service(fee_rupiah=Decimal(1_250_000), promised_days=Decimal("2.25"))
    step = StepInput("Daftar", "applicant", Decimal("0.25"), is_visit=True)
    save_procedure(service=service, by=operator, steps=[step, step])
    proposal = save_procedure(service=service, by=operator, steps=[step], reason="Lebih singkat")
    for query in ({}, {"koreksi": 1}, {"usulan": proposal.pk}):
        yield _page("public_services:procedure", operator, service.pk, **query)
    service_pk, month = made["keys"]["spm:entry"]
    achievement = Achievement.objects.create(
        service_id=service_pk,
        region=factories.region("64"),
        period=Period.parse(month),
        must_be_served=1_234_567,
        served=1_000_000,
        unserved_reason="Jarak" + TEXT,
    )
    for element in achievement.service.elements.all():
        QualityFigure.objects.create(achievement=achievement, element=element, required=12_345, fulfilled=1_234)
    yield _page("spm:entry", operator, service_pk, month)


def as_it_stands(tables: Collection[str]) -> Rows:
    """Every row of ours in `tables`, but for histories and bookkeeping."""
    return {
        model._meta.label: {_key(row): _facts(row) for row in model._default_manager.all()}
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table in tables and model.__module__.startswith(OURS) and not issubclass(model, LEFT_OUT)
    }


def writes() -> Counter[str]:
    """By table: the rows written in the transaction under way, those that were taken back included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE schemaname = 'public'"
        )
        return Counter(dict(cursor.fetchall()))


def _key(row: Model) -> Any:
    return (row.procedure_id, row.number) if isinstance(row, ProcedureStep) else row.pk  # steps are written anew


def _facts(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} | dict.fromkeys(
        BOOKKEEPING
    )


def told_apart(before: Rows, after: Rows) -> dict[tuple[str, Any], Any]:
    """What differs: by model and key, the fields with what they were and what they are."""
    return {
        (label, key): {name: (was.get(name), now.get(name)) for name in was | now if was.get(name) != now.get(name)}
        for label in after
        for key in before[label] | after[label]
        if (was := before[label].get(key, {})) != (now := after[label].get(key, {}))
    }


@contextmanager
def forgotten() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", PAGES)
def test_forms_sent_back_as_served(
    name: str, world: dict[str, Any], rich: Pages, client_of: Callable[[User], Client]
) -> None:
    first = [(world["people"][letter], every_url.address_of(name, world)) for letter in every_url.TABLE[name][0][:1]]
    for user, address in first + rich.get(name, []):
        client = client_of(user)
        edits_seen: set[str] = set()
        for form in forms_of(client, address):
            is_edit = is_an_edit(form) and form.address not in edits_seen
            with forgotten():
                before = writes()
                response = client.post(form.address, _as_sent(form))
                written = set(writes() - before)
                after = as_it_stands(written)
            check(form, response, told_apart(as_it_stands(written), after), is_edit=is_edit)
            if is_edit:
                edits_seen.add(form.address)  # what Enter presses is the first button; the others may do more


def forms_of(client: Client, address: str) -> list[ServedForm]:
    """The forms of the page itself, each with each of its buttons."""
    page = client.get(address, follow=True)
    assert page.status_code == 200, address
    if "html" not in page.headers["Content-Type"]:
        return []
    assert not kept_though_personal(page.content, resolve(urlsplit(address).path).app_name)
    place = page.redirect_chain[-1][0] if page.redirect_chain else address
    return [form for form in served_forms(page.content.decode(), place) if view_of(form)[0] not in FRAME]


def view_of(form: ServedForm) -> tuple[str, str]:
    address = urlsplit(form.address)
    return resolve(address.path).view_name, address.query


def is_an_edit(form: ServedForm) -> bool:
    """It shows what is there already and asks for nothing more than the reason of a change."""
    return form.shows_typed and form.missing <= {"reason"} and not form.skips_checks and view_of(form) not in ACTS


def _as_sent(form: ServedForm) -> dict[str, list[str]]:
    return form.data | ({"reason": [REASON]} if form.missing == {"reason"} else {})


def check(form: ServedForm, response: Any, changes: dict[Any, Any], *, is_edit: bool) -> None:
    assert response.status_code < 500, form.address
    page = "" if response.streaming or "html" not in response.headers["Content-Type"] else response.content.decode()
    complaints = complaints_of(page)
    if is_edit:
        assert response.status_code in {200, 302}, f"{form.address}: {complaints}"
        assert not complaints, form.address
        assert not changes, form.address
    elif (complaints or response.status_code == 422) and not form.skips_checks:
        again = [_told(each) for each in served_forms(page, form.address)]
        assert _told(form) in again, f"{form.address} refuses and forgets what was typed"
    elif form.missing - {"reason"} and response.status_code == 302:
        assert changes, f"{form.address} refuses by leading elsewhere: what was typed is lost"


def complaints_of(page: str) -> list[str]:
    return [
        each.get_text(" ", strip=True)
        for each in BeautifulSoup(page, "html.parser").select(".field-errors, .is-invalid")
    ]


def _told(form: ServedForm) -> tuple[str, dict[str, list[str]]]:
    return form.address, {name: said for name, said in form.data.items() if name not in NOT_TYPED}


# Columns that are encrypted for another reason than that they are personal, and fields that only have such a name.
NOT_PERSONAL = {"answer", "title", "content"}
ELSEWHERE = {"public_services": {"address"}, "programs": {"value"}, "datasources": {"value"}}


def kept_though_personal(page: bytes, app: str) -> list[str]:
    """Fields that drafts would keep (static/js/drafts.js) though what stands in them is personal or secret, and so
    stored encrypted: by the names of such columns."""
    if not page.strip():
        return []
    personal = encrypted_columns() - ELSEWHERE.get(app, set())
    controls = markup.document_fromstring(page.decode()).xpath("//form[@method='post']//*[@name]")
    return [
        str(control.get("name"))
        for control in controls
        if str(control.get("name")).rpartition("-")[2] in personal
        and control.get("type") not in {"hidden", "password"}
        and not any("data-no-draft" in each.attrib for each in (control, *control.iterancestors()))
    ]


@cache
def encrypted_columns() -> frozenset[str]:
    fields = (field for model in apps.get_models() for field in model._meta.concrete_fields)
    return frozenset(field.name for field in fields if isinstance(field, EncryptedTextField)) - NOT_PERSONAL


@pytest.mark.parametrize("address", ["/pernyataan/keterangan-saya/", "/penyedia/baru/"])
def test_what_is_personal_is_found(address: str, client_of: Callable[[User], Client], operator: User) -> None:
    page = client_of(operator).get(address).content
    assert not kept_though_personal(page, "procurement")
    assert kept_though_personal(page.replace(b"data-no-draft", b"data-kept"), "procurement")
