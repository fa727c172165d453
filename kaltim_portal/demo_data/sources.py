"""The stand-in sources, their series, and the first pull over real HTTP: one series of each kind of source."""

import datetime as dt
import os
from decimal import Decimal
from typing import Any

import pghistory

from datasources.catalogue import services as catalogue
from datasources.choices import PullState
from datasources.models import Pull, Series, Source
from datasources.pulls import services as pulls
from kaltim_portal.stand_ins import ckan, sectoral
from kaltim_portal.stand_ins.bps import KEY, VARIABLES

SOURCE_NAME = "WebAPI BPS tiruan (data contoh)"
SATU_DATA_NAME = "Satu Data Bappeda tiruan (data contoh)"
SECTORAL_NAME = "Sistem sektoral tiruan (data contoh)"
DERIVED_NAME = "Turunan portal (data contoh)"
YEARS_BACK = 6


def _source(name: str, kind: str, path: str, **values: Any) -> Source:
    """The source with today's address: the stand-in's port changes with every start."""
    address = os.environ["DEMO_BPS_ADDRESS"].removesuffix("v1/api/") + path
    row, created = Source.objects.get_or_create(
        name=name, defaults={"kind": kind, "base_address": address, "is_sample": True, **values}
    )
    if not created and row.base_address != address:
        with pghistory.context(task="prepare_demo"):
            row.base_address = address
            row.save(update_fields=["base_address"])
    return row


def source() -> Source:
    return _source(SOURCE_NAME, "bps", "v1/api/", api_key=KEY)


def series_of(row: Source) -> dict[str, Series]:
    """The stand-in's variables as series, by variable number."""
    made = {}
    for variable, values in VARIABLES.items():
        query = {"model": "data", "domain": "6400", "variable": variable}
        if variable == "901":
            query["characteristic"] = "3"  # the total of both sexes
        made[variable] = _series(row, query, values[0], values[3], is_population=variable == "906")
    return made


def _series(row: Source, query: dict[str, Any], name: str, unit: str, **values: Any) -> Series:
    made, _created = Series.objects.get_or_create(
        source=row,
        query=query,
        defaults={"name": name, "unit": unit, "years_back": YEARS_BACK, "interval": dt.timedelta(hours=6), **values},
    )
    return made


def other_series(bps: dict[str, Series]) -> list[Series]:
    """One of Satu Data, one of each way of the sectoral systems, two that are worked out."""
    satu_data = _source(SATU_DATA_NAME, "ckan", "")
    rest = _source(SECTORAL_NAME, "rest", "", api_key=sectoral.KEY, key_header=sectoral.KEY_HEADER)
    derived = Source.objects.get_or_create(name=DERIVED_NAME, defaults={"kind": "derived", "is_sample": True})[0]
    growth = _series(
        derived,
        {"formula": "(a - a_lalu) / a_lalu * 100", "a": bps["906"].pk},
        "Laju pertumbuhan penduduk (data contoh)",
        "Persen",
    )
    growth.parts.set([bps["906"]])
    poor = _series(
        derived,
        {"formula": "a * b / 100", "a": bps["904"].pk, "b": bps["906"].pk},
        "Jumlah penduduk miskin (data contoh)",
        "Ribu Jiwa",
    )
    poor.parts.set([bps["904"], bps["906"]])
    return [
        _series(
            satu_data,
            {
                "resource": ckan.TARGETS,
                "region": "kode_wilayah",
                "region_name": "nama_wilayah",
                "period": "tahun",
                "value": "target",
            },
            "Target RPJMD menurut kabupaten/kota (data contoh)",
            "Persen",
        ),
        _series(
            rest,
            {
                "path": "api/siswa",
                "records": "data.butir",
                "page_parameter": "halaman",
                "region": "wilayah.kode",
                "region_name": "wilayah.nama",
                "period": "tahun",
                "value": "nilai.siswa",
            },
            "Jumlah siswa dari sistem sektoral (data contoh)",
            "Orang",
            source_unit="",
            factor=Decimal(1),
        ),
        growth,
        poor,
    ]


def pull_all(series: dict[str, Series]) -> None:
    """What the worker does, done here so that the first screen has figures."""
    for row in [*series.values(), *other_series(series)]:
        if row.pulled_at is None:
            pull, _created = Pull.objects.get_or_create(series=row, state=PullState.QUEUED, is_trial=False)
            pulls.carry_out(pull.pk)
    bps = next(iter(series.values())).source
    if bps.catalogued_at is None:
        catalogue.refresh(bps.pk)
