"""OCDS 1.1 out of the portal: accepted by the official check, without people, and with the same flags when read
back.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from core.choices import Role
from kaltim_portal.demo_data.planted import plant
from procurement.choices import SupplierKind
from procurement.models import (
    Award,
    Contract,
    Flag,
    Offer,
    OfferPartner,
    OutsideDataset,
    Package,
    Payment,
    Supplier,
)
from procurement.ocds import releases
from procurement.red_flags import services as flag_services
from procurement.red_flags.external_data import load
from procurement.red_flags.rules import RULES
from tests import factories, worlds

pytestmark = pytest.mark.django_db
STANDARD = os.environ.get("OCDS_STANDARD_ZIP", "")


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with worlds.kept_for_a_module(django_db_blocker):
        _make()
        yield


@pytest.fixture
def year(made: None, db: None) -> None:
    """A generated year: the planted packages, with a joint offer, an individual, payments, a KBKI code."""


def _make() -> None:
    world = plant(factories.agency(), 2025, factories.UserFactory(), factories.member(Role.AGENCY_HEAD))
    offer = Offer.objects.filter(package__contracts__isnull=False).first()
    assert offer is not None
    OfferPartner.objects.create(offer=offer, supplier=world.supplier())
    Package.objects.filter(pk=offer.package_id).update(kbki_code="4523")
    contract = offer.package.contracts.get()
    Payment.objects.create(contract=contract, sp2d_number="1/LS", paid_on="2025-06-01", amount_rupiah=1_000_000)
    Supplier.objects.filter(pk=contract.supplier_id).update(kind=SupplierKind.PERSON, name="Perorangan Rahasia")
    with connection.cursor() as cursor:  # else PostgreSQL plans for the empty tables that other tests leave behind
        for model in (Package, Offer, OfferPartner, Supplier, Award, Contract, Payment):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


# The command fetches the schema that record packages refer to by address, even with the standard's ZIP: read it there
# too.
_OFFLINE = """
import io, json, sys, zipfile, jsonref, requests
held = zipfile.ZipFile(sys.argv[sys.argv.index("--standard-zip") + 1])
def get(address, **_options):
    name = next(n for n in held.namelist() if n.endswith("/schema/" + address.split("?")[0].split("#")[0].rsplit("/",
        1)[1]))
    answer = requests.Response()
    answer.status_code, answer._content, answer.encoding = 200, held.read(name), "utf-8"
    return answer
real, requests.get = requests.get, get
from libcoveocds.__main__ import main
main()
"""


def check(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-c", _OFFLINE, "--standard-zip", STANDARD, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(not STANDARD, reason="OCDS_STANDARD_ZIP says where the standard's schema lies; .ci/run sets it")
@pytest.mark.parametrize("kind", ["releases", "records"])
def test_the_official_check_finds_nothing(kind: str, year: None, tmp_path: Path) -> None:
    made = list(releases.releases())
    items = made if kind == "releases" else [releases.record_of(release) for release in made]
    path = tmp_path / "paket.json"
    path.write_text(json.dumps(releases.package_of(kind, items, address="https://portal.example/ocds/")))
    result = check(path)
    assert result["validation_errors"] == [], result["validation_errors"][:3]
    assert len(made) == Package.objects.count() >= 120


def test_the_public_edition_names_no_individual(year: None) -> None:
    public = json.dumps(list(releases.releases()))
    inside = json.dumps(list(releases.releases(is_public=False)))
    assert "Perorangan Rahasia" not in public
    assert "Perorangan Rahasia" in inside
    for user in User.objects.all():
        assert user.full_name not in public
    assert "Direktur" not in public


def test_own_flags_are_the_flags_of_the_exported_file(year: None, tmp_path: Path) -> None:
    """Whoever runs the rules on the portal's OCDS finds what the portal says of itself."""
    flag_services.run()
    path = tmp_path / "semua.jsonl"
    path.write_text("\n".join(releases.release_texts(is_compiled=True)))
    dataset = OutsideDataset.objects.create(name="x", file_name="x", sha256="", loaded_by=factories.UserFactory())
    with path.open("rb") as file:
        assert load(dataset, file).refused_count == 0
    flag_services.run(dataset)
    codes = [code for code in RULES if code.startswith("R")]
    own = set(Flag.objects.ours().raised().filter(code__in=codes).values_list("code", "subject", "key"))
    outside = set(Flag.objects.filter(dataset=dataset, code__in=codes).values_list("code", "subject", "key"))
    assert own == outside
    assert len(own) >= 4


def test_packages_with_extensions_name_them(year: None) -> None:
    package = releases.package_of("releases", [], address="x", with_extensions=True, next_address="y")
    assert package["extensions"] == releases.EXTENSIONS
    assert package["links"]["next"] == "y"
    assert "extensions" not in releases.package_of("releases", [], address="x")


def test_what_is_read_after_the_releases_is_in_djangos_zone(year: None) -> None:
    """The statement runs in the province's zone; moments read later in the same transaction are not hours off."""
    package = factories.PackageFactory(rup_code="89999999")  # the year has packages of the factory's numbers
    before = User.objects.get(pk=package.created_by_id).date_joined
    assert list(releases.releases([package.pk]))
    assert User.objects.get(pk=package.created_by_id).date_joined == before
