"""Tasks of the worker."""

from celery import shared_task

from core.locks import advisory_lock
from core.long_work import ends_its_row
from procurement import after_changes
from procurement.choices import ProcessingState
from procurement.models import OutsideDataset
from procurement.red_flags import external_data
from procurement.red_flags import services as flag_services


@shared_task
def raise_flags() -> int:
    """Nightly, and some seconds after packages, offers or contracts have changed."""
    after_changes.flags_are_raised()
    with advisory_lock("red-flags") as held:
        return sum(flag_services.run().raised.values()) if held else 0


@shared_task
@ends_its_row(external_data.end)
def take_over_outside(dataset_id: int) -> str:
    """Read a loaded OCDS file and raise the flags on it; one that is ready is left alone."""
    dataset = OutsideDataset.objects.filter(pk=dataset_id).first()
    if dataset is None or dataset.state == ProcessingState.READY:
        return "gone" if dataset is None else dataset.state
    return external_data.take_over(dataset).state
