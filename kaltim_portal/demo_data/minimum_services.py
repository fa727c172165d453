"""Made-up SPM figures: every service and region, month by month of this year and the one before."""

import datetime as dt
import random

from core.models import Region
from core.periods import Period, PeriodKind
from spm import index_store
from spm.index_explanation import elements_in_force
from spm.models import Achievement, QualityFigure, ServiceKind, StageItem, StageProgress

# People who must be served in a region of middle size, and the share that is served by the end of the year.
NEEDS = {
    "1.01.a": 9_000,
    "1.01.b": 160,
    "1.02.a": 1_200,
    "1.02.b": 420,
    "1.03.a": 5_000,
    "1.03.b": 3_200,
    "1.04.a": 90,
    "1.04.b": 40,
    "1.05.a": 260,
    "1.06.a": 110,
    "1.06.b": 90,
    "1.06.c": 120,
    "1.06.d": 70,
    "1.06.e": 800,
}
SHARES = {"1.01": 0.97, "1.02": 0.99, "1.03": 0.72, "1.04": 0.81, "1.05": 0.93, "1.06": 0.9}
SIZES = {
    "64.01": 0.8,
    "64.02": 2.0,
    "64.03": 0.7,
    "64.07": 0.5,
    "64.08": 1.2,
    "64.09": 0.5,
    "64.11": 0.12,
    "64.71": 1.9,
    "64.72": 2.3,
    "64.74": 0.5,
}
REMOTE = {"64.11": 0.24, "64.07": 0.12, "64.03": 0.05}
WITHOUT_NEED = {("1.02.b", "64.74"), ("1.04.b", "64.71"), ("1.06.e", "64.11")}


def make(today: dt.date) -> None:
    if Achievement.objects.exists():
        return
    dice = random.Random("spm")
    services = list(ServiceKind.objects.of_level().prefetch_related("elements", "methods"))
    regions = list(Region.objects.regencies())
    for year in (today.year - 1, today.year):
        months = [month for month in range(1, 13) if dt.date(year, month, 28) < today]
        for service in services:
            for region in regions:
                _service(service, region, year, months, dice)
    index_store.recompute_all()


def _service(service: ServiceKind, region: Region, year: int, months: list[int], dice: random.Random) -> None:
    code = region.kemendagri_code
    must = (
        0
        if (service.code, code) in WITHOUT_NEED
        else max(1, round(NEEDS[service.code] * SIZES[code] * dice.uniform(0.9, 1.1)))
    )
    goal = min(1.02, SHARES[service.code[:4]] * (1 - REMOTE.get(code, 0)) * dice.uniform(0.95, 1.05))
    rows = []
    for month in months:
        served = round(must * goal * (0.55 + 0.45 * month / 12))
        rows.append(
            Achievement(
                service=service,
                region=region,
                period=Period(year, PeriodKind.MONTH, month),
                must_be_served=must,
                served=served,
                unserved_reason="Akses jauh; pelayanan bertahap (data contoh)." if served < must else "",
                over_reason="Termasuk penduduk pendatang (data contoh)." if served > must else "",
            )
        )
    saved = Achievement.objects.bulk_create(rows)
    figures = []
    for element in elements_in_force(service, year):
        required = {"goods": 400, "staff": 60, "guideline": 2, "indicator": 100}[element.kind]
        share = dice.uniform(0.75, 1.0) * (1 - REMOTE.get(code, 0))
        for row in saved:
            progress = 0.8 + 0.2 * row.period.number / 12
            fulfilled = required if element.kind == "guideline" else round(required * share * progress)
            figures.append(QualityFigure(achievement=row, element=element, required=required, fulfilled=fulfilled))
    QualityFigure.objects.bulk_create(figures)


def stages(today: dt.date) -> None:
    """The first two stages are done, the third half."""
    items = list(StageItem.objects.filter(stage__lte=3))[:-1]
    for service in ServiceKind.objects.of_level().prefetch_related("agencies__memberships__user"):
        agency = service.agencies.first()
        member = agency.memberships.first() if agency else None
        if member is None or StageProgress.objects.filter(service=service, fiscal_year=today.year).exists():
            continue
        StageProgress.objects.bulk_create(
            StageProgress(
                service=service,
                fiscal_year=today.year,
                item=item,
                note="Berita acara (data contoh)",
                done_on=dt.date(today.year, 1, 31),
                done_by=member.user,
            )
            for item in items
        )
