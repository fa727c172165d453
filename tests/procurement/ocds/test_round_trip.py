"""What is published suffices to find the same flags: of a generated year, by every rule that needs no people."""

from pathlib import Path

import pytest

from procurement.models import Flag, OutsideDataset
from procurement.ocds import releases
from procurement.red_flags import services as flag_services
from procurement.red_flags.external_data import load
from procurement.red_flags.rules import RULES
from tests import factories
from tests.procurement.ocds.test_ocds import made, year

__all__ = ["made", "year"]
pytestmark = pytest.mark.django_db
CODES = [code for code, rule in RULES.items() if not rule.own_only]
Raised = set[tuple[str, str, str]]


def read_back(path: Path) -> OutsideDataset:
    dataset = OutsideDataset.objects.create(name="x", file_name="x", sha256="", loaded_by=factories.UserFactory())
    with path.open("rb") as file:
        assert load(dataset, file).refused_count == 0
    flag_services.run(dataset)
    return dataset


def raised(**where: object) -> Raised:
    rows = Flag.objects.raised().filter(code__in=CODES, **where)
    return set(rows.values_list("code", "subject", "key"))


def test_what_is_published_raises_the_same_flags(year: None, tmp_path: Path) -> None:
    flag_services.run()
    path = tmp_path / "semua.jsonl"
    path.write_text("\n".join(releases.release_texts(is_compiled=True)))
    own = raised(dataset=None)
    first = raised(dataset=read_back(path))
    assert sorted(own - first) == sorted(first - own) == []
    assert raised(dataset=read_back(path)) == first, "the same file again"
    assert raised(dataset=None) == own, "and of the portal's own packages nothing changes"
