"""Retention: what is personal goes when its time is over; what is evidence stays without it (UU 27/2022 art. 43 to
45)."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Notice
from core import audit
from procurement.choices import PrivacyRequestState
from procurement.models import Interest, OfficialProfile, PrivacyRequest, SupplierPerson


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day `years` earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def interests_over_their_time(today: dt.date | None = None) -> QuerySet[Interest]:
    """Interests whose party's identity number is to be erased; the hash chain takes nothing else for lawful."""
    year = (today or timezone.localdate()).year
    return Interest.objects.filter(declaration__fiscal_year__lt=year - settings.RETENTION_YEARS["declared_parties"])


@transaction.atomic
def forget(today: dt.date) -> dict[str, int]:
    """Erase what is over its time; how much, by kind. The trail says that it was done, not what it was."""
    keep = settings.RETENTION_YEARS
    numbers = {"identity_hash": "", "identity": ""}
    people = SupplierPerson.objects.filter(until_day__lt=years_before(today, keep["supplier_people"]))
    profiles = OfficialProfile.objects.filter(user__is_active=False).filter(
        Q(user__last_login__date__lt=years_before(today, keep["official_profiles"])) | Q(user__last_login__isnull=True)
    )
    requests = PrivacyRequest.objects.exclude(state=PrivacyRequestState.OPEN).filter(
        answered_at__date__lt=years_before(today, keep["privacy_requests"])
    )
    done = {
        "supplier_people": people.exclude(identity_hash="").update(**numbers),
        "declared_parties": interests_over_their_time(today)
        .exclude(party_identity_hash="")
        .update(party_identity="", party_identity_hash="", party_identity_salt=""),
        "official_profiles": profiles.delete()[0],
        "privacy_requests": requests.exclude(identity_hash="").update(**numbers),
        "notices": Notice.objects.filter(read_at__date__lt=years_before(today, keep["notices"])).delete()[0],
    }
    if any(done.values()):
        audit.record("retention.applied", None, by=None, erased=done)
    return done
