"""Setting up a series: what it asks for, which region each of its rows is, on and off. One transaction each."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from datasources.connectors.derived import depends_on, parts_of
from datasources.connectors.registry import connector_for
from datasources.models import Pull, RegionMapping, Series
from datasources.permissions import check_may_steward
from datasources.pulls import services as pulls


@transaction.atomic
def save_series(*, series: Series, query: Mapping[str, Any], by: User) -> Series:
    """Write what the series asks for and try it. Raises ValidationError when the source has such a series already, or
    a formula goes round in a circle."""
    check_may_steward(by)
    connector = connector_for(series.source.kind)
    series.query = dict(query)
    parts = parts_of(query) if series.source.kind == "derived" else {}
    if series.pk and depends_on(set(parts.values()), series.pk):
        raise ValidationError(_("The formula would use its own result."))
    if parts:  # no older than the part that is watched most closely
        series.stale_after = min(part.stale_after for part in Series.objects.filter(pk__in=parts.values()))
    series.validate_constraints()
    series.save()
    series.parts.set(parts.values())
    audit.record("series.saved", series, by=by)
    if not connector.takes_files:
        pulls.request_pull(series=series, by=by, is_trial=True)
    return series


@transaction.atomic
def map_regions(*, series: Series, mappings: Iterable[RegionMapping], by: User) -> None:
    """Keep which region each row of the source is; the whole set is replaced in one go."""
    check_may_steward(by)
    Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    there = {(mapping.code, mapping.label): mapping for mapping in series.region_mappings.all()}
    wanted = {(mapping.code, mapping.label): mapping for mapping in mappings}
    for key, mapping in there.items():
        new = wanted.get(key)
        if new is None:
            mapping.delete()
        elif (new.region_id, new.mapped_by) != (mapping.region_id, mapping.mapped_by):
            mapping.region_id, mapping.mapped_by = new.region_id, new.mapped_by
            mapping.save()
    RegionMapping.objects.bulk_create([mapping for key, mapping in wanted.items() if key not in there])
    audit.record("series.regions_mapped", series, by=by, rows=len(wanted))


@transaction.atomic
def switch_on(*, series: Series, by: User) -> Pull | None:
    """Pulled at once and then by the schedule; None for a series of files, which waits for its first one."""
    _switch(series, by, is_active=True)
    return None if connector_for(series.source.kind).takes_files else pulls.request_pull(series=series, by=by)


@transaction.atomic
def switch_off(*, series: Series, by: User) -> None:
    """Its figures stay, nothing new is fetched."""
    _switch(series, by, is_active=False)


def _switch(series: Series, by: User, *, is_active: bool) -> None:
    check_may_steward(by)
    series.is_active = is_active
    series.save(update_fields=["is_active"])
    audit.record("series.switched_on" if is_active else "series.switched_off", series, by=by)
