"""The stand-in source, its series, and the first pull over real HTTP."""

import datetime as dt
import os

import pghistory

from datasources import services
from datasources.choices import PullState
from datasources.models import Pull, Series, Source
from kaltim_portal.stand_ins.bps import KEY, VARIABLES

SOURCE_NAME = "WebAPI BPS tiruan (data contoh)"
YEARS_BACK = 6


def source() -> Source:
    """The source with today's address: the stand-in's port changes with every start."""
    address = os.environ["DEMO_BPS_ADDRESS"]
    row, created = Source.objects.get_or_create(
        name=SOURCE_NAME,
        defaults={"kind": "bps", "base_address": address, "api_key": KEY, "is_sample": True},
    )
    if not created and row.base_address != address:
        with pghistory.context(task="prepare_demo"):
            row.base_address = address
            row.save(update_fields=["base_address"])
    return row


def series_of(row: Source) -> dict[str, Series]:
    """The stand-in's variables as series, by variable number."""
    made = {}
    for variable, values in VARIABLES.items():
        made[variable], _created = Series.objects.get_or_create(
            source=row,
            query={"model": "data", "domain": "6400", "variable": variable},
            defaults={
                "name": values[0],
                "unit": values[3],
                "years_back": YEARS_BACK,
                "interval": dt.timedelta(hours=6),
            },
        )
    return made


def pull_all(series: dict[str, Series]) -> None:
    """What the worker does, done here so that the first screen has figures."""
    for row in series.values():
        if row.pulled_at is None:
            pull, _created = Pull.objects.get_or_create(series=row, state=PullState.QUEUED)
            services.carry_out(pull.pk)
