"""Tasks of the worker."""

from celery import shared_task
from django.core.cache import cache
from django.utils.translation import ngettext

from core import chain, errors, form_keys, long_work, private_files

FILES_MISSING = "files-missing"


@shared_task
def seal() -> int:
    """Seal what is not sealed yet; the number of the new block, 0 when there was nothing."""
    block = chain.seal()
    return block.number if block else 0


@shared_task
def forget_form_answers() -> int:
    """Answers to forms that nobody sends again; how many."""
    return form_keys.forget_answers()


@shared_task
def end_what_died() -> int:
    """Rows whose work died with its worker say so; how many."""
    return long_work.end_what_died()


@shared_task
def look_for_files() -> int:
    """Whether every file that a row names is in the storage; how many are not. The health page says so too."""
    missing = private_files.missing()
    cache.set(FILES_MISSING, len(missing), timeout=None)
    if missing:
        label, name, pk = missing[0]
        errors.tell_administrators(
            ngettext(
                "%(count)s file is missing from the storage: %(first)s.",
                "%(count)s files are missing from the storage, for example %(first)s.",
                len(missing),
            )
            % {"count": len(missing), "first": f"{label} {pk} ({name})"}
        )
    return len(missing)
