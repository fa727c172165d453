"""What is kept between pages says the same as what Django works out each time."""

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import migrations, models
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.utils import translation

from core.middleware.server_timing import ServerTimingMiddleware
from core.migration_batches import Together, together


def shown(text: str, **values: object) -> str:
    return Template(text).render(Context(values)).strip()


def test_a_fixed_string_in_each_language() -> None:
    template = Template('{% translate "Save" %}')
    for language, word in (("id", "Simpan"), ("en", "Save"), ("id", "Simpan")):
        with translation.override(language):
            assert template.render(Context()) == word


def test_what_is_not_fixed_is_djangos_own() -> None:
    with translation.override("id"):
        assert shown("{% translate word %}", word="Save") == "Simpan"
        assert shown('{% translate "Save" as word %}<b>{{ word }}</b>') == "<b>Simpan</b>"
        assert shown('{% translate "Save" noop %}') == "Save"
        assert shown('{% translate "Save"|upper %}') == "SIMPAN"


def test_timing_is_told_only_when_asked_for(settings: object) -> None:
    answer = ServerTimingMiddleware(lambda _request: HttpResponse())(HttpRequest())
    assert answer["Server-Timing"].startswith("portal;dur=")
    settings.SERVER_TIMING = False  # type: ignore[attr-defined]
    with pytest.raises(MiddlewareNotUsed):
        ServerTimingMiddleware(lambda _request: HttpResponse())


def test_like_operations_stand_together_in_their_order() -> None:
    fields = [migrations.AddField("a", f"f{number}", models.IntegerField()) for number in range(5)]
    other = migrations.RunSQL("SELECT 1", "SELECT 1")
    found = together([*fields, other, *fields[:2]])
    assert isinstance(found[0], Together)
    assert found[0].operations == fields
    assert found[1] == other
    assert isinstance(found[2], Together)
    assert found[2].operations == fields[:2]
    assert together([other])[0] is other, "what belongs to no family stays as it is"
    assert len(together([fields[0], fields[0]])) == 2, "a field that is changed twice is looked at in between"
