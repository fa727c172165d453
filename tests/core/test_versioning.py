"""Two people's changes of one record are joined field by field; only what both changed is shown with both values."""

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client

from accounts.models import User
from core.choices import Role
from core.fields import NumberFormField
from core.versioning import merge, seen_of
from programs.models import Program
from tests import factories
from tests.access.served_forms import ServedForm, served_forms

ClientOf = Callable[[User], Client]


class Sample(forms.Form):
    name = forms.CharField(required=False)
    figure = NumberFormField(required=False, decimals=0)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    places = forms.MultipleChoiceField(choices=[("x", "X"), ("y", "Y")], required=False)
    agreed = forms.BooleanField(required=False)
    reason = forms.CharField(required=False)


SERVED: dict[str, Any] = {"name": "satu", "figure": 1200, "kind": "a", "places": ["x"], "agreed": True}


def sent(**typed: Any) -> QueryDict:
    """As a browser sends the served form, with what was typed."""
    data = QueryDict(mutable=True)
    fields = {"name": ["satu"], "figure": ["1.200"], "kind": ["a"], "places": ["x"], "agreed": ["on"], "reason": [""]}
    for name, values in (fields | typed).items():
        data.setlist(name, values)
    data["seen"] = seen_of(Sample(initial=SERVED))
    return data


@pytest.mark.parametrize(
    ("field", "saved", "arrives"),
    [
        ("name", "dua", ["dua"]),
        ("figure", 3400, ["3.400"]),
        ("kind", "b", ["b"]),
        ("places", ["x", "y"], ["x", "y"]),
        ("agreed", False, []),
    ],
)
def test_what_i_did_not_touch_is_what_the_other_saved(field: str, saved: Any, arrives: list[str]) -> None:
    other = {"name": ["tiga"]} if field != "name" else {"kind": ["b"]}
    data = sent(**other)
    merged = merge(data, (Sample(data), Sample(initial=SERVED | {field: saved})))
    assert merged.is_clear
    assert merged.data.getlist(field) == arrives
    assert all(merged.data.getlist(name) == values for name, values in other.items())


def test_a_figure_written_otherwise_is_not_touched() -> None:
    data = sent(figure=["1200"])
    merged = merge(data, (Sample(data), Sample(initial=SERVED | {"figure": 5})))
    assert merged.is_clear
    assert merged.data["figure"] == "5"


def test_what_both_changed_is_shown_with_both() -> None:
    data = sent(name=["tiga"], kind=["b"])
    merged = merge(data, (Sample(data), Sample(initial=SERVED | {"name": "dua", "figure": 7})))
    assert [(each.name, each.theirs, each.yours) for each in merged.conflict] == [("name", "dua", "tiga")]
    assert (merged.data["name"], merged.data["figure"], merged.data["kind"]) == ("tiga", "7", "b")


def test_what_both_changed_alike_is_no_conflict() -> None:
    data = sent(name=["dua"])
    assert merge(data, (Sample(data), Sample(initial=SERVED | {"name": "dua"}))).is_clear


def test_the_second_sending_wins_after_both_were_shown() -> None:
    data = sent(name=["tiga"])
    now = Sample(initial=SERVED | {"name": "dua"})
    again = merge(data, (Sample(data), now)).data
    assert merge(again, (Sample(again), now)).is_clear


def test_a_form_that_does_not_say_what_it_showed_shows_every_difference() -> None:
    data = sent()
    del data["seen"]
    merged = merge(data, (Sample(data), Sample(initial=SERVED | {"name": "dua"})))
    assert [each.name for each in merged.conflict] == ["name"]


def form_of(client: Client, address: str) -> ServedForm:
    page = client.get(address).content.decode()
    return next(form for form in served_forms(page, address) if "seen" in form.data and not form.skips_checks)


def typed(form: ServedForm, **values: Any) -> dict[str, Any]:
    data = form.data
    for name, value in values.items():
        key = next(each for each in data if each == name or each.endswith(f"-{name}"))
        data[key] = [value]
    return data


# Of each kind of page with a version: who edits, which page, two fields with what one and the other types.
def _program(_made: Any) -> tuple[Role, str, tuple[str, str], tuple[str, str]]:
    program = factories.ProgramFactory(state="draft", registered_at=None)
    return Role.OPERATOR, f"/program/{program.pk}/ubah/", ("name", "Nama orang pertama"), ("target_group", "Nelayan")


def _indicators(_made: Any) -> tuple[Role, str, tuple[str, str], tuple[str, str]]:
    program = factories.ProgramFactory(state="draft", registered_at=None)
    factories.IndicatorFactory(program=program, baseline=10, target=20)
    return Role.OPERATOR, f"/program/{program.pk}/indikator/", ("name", "Angka perahu"), ("baseline", "11")


def _package(_made: Any) -> tuple[Role, str, tuple[str, str], tuple[str, str]]:
    package = factories.PackageFactory()
    return Role.OPERATOR, f"/pengadaan/{package.pk}/ubah/", ("name", "Perahu"), ("ceiling_rupiah", "199.000.000")


def _supplier(_made: Any) -> tuple[Role, str, tuple[str, str], tuple[str, str]]:
    supplier = factories.supplier(name="CV Lama", business_number="1234567890123")
    return Role.DATA_STEWARD, f"/penyedia/{supplier.pk}/ubah/", ("name", "CV Baru"), ("known_since", "2019-02-03")


def _service(_made: Any) -> tuple[Role, str, tuple[str, str], tuple[str, str]]:
    service = factories.public_service()
    return Role.OPERATOR, f"/layanan/{service.pk}/ubah/", ("name", "Layanan perahu"), ("product", "Izin berlayar")


def _report(_made: Any) -> tuple[Role, str, tuple[str, str], tuple[str, str]]:
    program = factories.ProgramFactory()
    one, two = factories.IndicatorFactory(program=program), factories.IndicatorFactory(program=program)
    report = factories.report_of(program, factories.member(Role.OPERATOR))
    first, second = (report.values.get(indicator=each) for each in (one, two))
    return Role.OPERATOR, f"/laporan/{report.pk}/", (f"value-{first.pk}", "7"), (f"value-{second.pk}", "8")


KINDS = [_program, _indicators, _package, _supplier, _service]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_two_people_on_one_page(kind: Callable[[Any], Any], client_of: ClientOf) -> None:
    """Each changes another field: both are saved. Both change one: only that is shown, and nothing else is lost."""
    role, address, (mine, my_text), (other, other_text) = kind(None)
    me, colleague = client_of(factories.member(role)), client_of(factories.member(role))
    form, theirs = form_of(me, address), form_of(colleague, address)
    assert colleague.post(address, typed(theirs, **{other: other_text})).status_code == 302
    answer = me.post(address, typed(form, **{mine: my_text}))
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    now = form_of(me, address).data
    value = {
        name: next(now[each] for each in now if each == name or each.endswith(f"-{name}")) for name in (mine, other)
    }
    assert value == {mine: [my_text], other: [other_text]}
    both = me.post(address, typed(form, **{mine: "Nama ketiga" if "name" in mine else my_text + "1"}))
    assert both.status_code == 409
    page = both.content.decode()
    assert page.count('<mark class="diff">') == 1, "what I did not touch is not listed as mine"
    assert my_text in page


@pytest.mark.django_db
def test_a_report_takes_both_figures(client_of: ClientOf) -> None:
    _role, address, (mine, my_text), (other, other_text) = _report(None)
    me, colleague = (client_of(factories.member(Role.OPERATOR)) for _number in range(2))
    form, theirs = form_of(me, address), form_of(colleague, address)
    colleague.post(address, typed(theirs, **{other: other_text}) | {"act": "save"})
    answer = me.post(address, typed(form, **{mine: my_text}) | {"act": "save"})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    now = form_of(me, address).data
    assert (now[mine], now[other]) == ([my_text], [other_text])
    both = me.post(address, typed(form, **{other: "9"}) | {"act": "save"})
    assert both.status_code == 409
    assert both.content.decode().count('<mark class="diff">') == 1


@pytest.mark.django_db
def test_a_registered_programme_goes_on_with_the_others_text(client_of: ClientOf) -> None:
    """The reason is typed anew by each, and is nobody's conflict."""
    program = factories.ProgramFactory()
    me, colleague = (client_of(factories.member(Role.OPERATOR)) for _number in range(2))
    form, theirs = (form_of(each, f"/program/{program.pk}/ubah/") for each in (me, colleague))
    colleague.post(form.address, typed(theirs, target_group="Nelayan", reason="Satu"))
    assert me.post(form.address, typed(form, name="Perahu sekolah", reason="Dua")).status_code == 302
    saved = Program.objects.get(pk=program.pk)
    assert (saved.name, saved.target_group) == ("Perahu sekolah", "Nelayan")
