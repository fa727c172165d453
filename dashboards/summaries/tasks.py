"""Tasks of the worker."""

import logging

from celery import shared_task
from django.utils.module_loading import import_string

from dashboards.summaries import refresh as summaries

logger = logging.getLogger(__name__)
# Pages that read the summaries; by name, because they stand above them.
FOLLOWING = (
    "dashboards.agencies.tasks.compute_measures",
    "dashboards.home.tasks.render_office_page",
    "dashboards.overview.tasks.render_wanted_overviews",
)


@shared_task
def refresh_summaries() -> int:
    """Every minute: what the triggers noted; then what readers asked for lately is made of it."""
    made_anew = summaries.refresh()
    if made_anew:
        for task in FOLLOWING:
            _carry_out(task)
    return made_anew


def _carry_out(task: str) -> None:
    """The summaries are committed: a page that cannot be made is made by its reader, who is told of the error."""
    try:
        import_string(task)()
    except Exception:
        logger.exception("%s was not carried out after a refresh", task)


@shared_task
def refresh_all_summaries() -> int:
    """Every night: a new day makes quarters due."""
    return summaries.refresh_everything()
