"""The whole planted world, and in which order it is written."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from accounts.models import Agency, User
from kaltim_portal.demo_data.planted import bids, contracts, declarations, markets, people, plans
from kaltim_portal.demo_data.planted.world import PlantedWorld


def plant(agency: Agency, year: int, clerk: User, head: User, others: Sequence[Agency] = ()) -> PlantedWorld:
    """Write the packages of the OPD. Needs the thresholds and limits of methods. `others`: OPD that have nothing yet,
    for what is told of a whole OPD."""
    world = PlantedWorld(agency, year, clerk, head)
    with _by_index():
        for cases in (plans, bids, contracts, people, declarations):
            cases.write(world)
        if others:
            markets.write(world, others)
    return world


@contextmanager
def _by_index() -> Iterator[None]:
    """All is written in one transaction, of whose rows PostgreSQL's statistics know nothing: of tables that it takes
    for empty it would read every row for each statement of a trigger."""
    names = ("enable_seqscan", "plan_cache_mode")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s), current_setting(%s)", names)
        before = cursor.fetchone()
        cursor.execute("SET enable_seqscan = off; SET plan_cache_mode = force_custom_plan")
        yield
        cursor.execute(
            "SELECT set_config(%s, %s, false), set_config(%s, %s, false)", [names[0], before[0], names[1], before[1]]
        )


# How many OPD `plant` needs for the rules that look at a whole OPD.
OTHERS = markets.NEEDED
