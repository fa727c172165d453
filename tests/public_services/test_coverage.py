"""How many OPD have a digital service: of all that exist, and those without by name."""

import datetime as dt

from django.utils import timezone

from accounts.models import Agency
from core.choices import Role
from public_services import ranking
from public_services.models import PublicService
from tests import factories


def test_the_measure_is_of_all_opd_that_exist(db: None) -> None:
    digital, counter, former = (factories.agency(name) for name in ("Disdikbud", "Dinkes", "DPMPD"))
    factories.public_service(agency=digital, digital_level=3, address="https://layanan.test/")
    factories.public_service(agency=counter)
    factories.public_service(agency=former, digital_level=4, address="https://lama.test/")
    Agency.objects.filter(pk=former.pk).update(closed_on=timezone.localdate() - dt.timedelta(days=1))
    ranks = ranking.by_agency(PublicService.objects.all())
    found = ranking.coverage(ranks)
    assert (found.living, found.digital) == (Agency.objects.living().count(), 1)
    assert found.only_counter == [counter]
    assert len(found.no_service) == found.living - 2
    assert not {digital, counter, former} & set(found.no_service)
    assert ranks[-1].services == 0, "those without come last"


def test_those_without_are_named_on_the_page_and_in_the_file(db: None) -> None:
    client = factories.signed_in(factories.member(Role.GOVERNORS_OFFICE))
    living = Agency.objects.living().count()
    page = client.get("/layanan/peringkat/").content.decode()
    assert f"0 dari {living} OPD" in page
    assert "Bappeda" in page
    taken = b"".join(client.get("/layanan/peringkat/?unduh=csv").streaming_content).decode("utf-8-sig")
    assert len(taken.splitlines()) > living
