"""The workspace of a signed-in person: fiscal year and OPD of the moment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from accounts.models import Agency, User
from core.access import SAFE_METHODS, rule_of
from core.periods import FIRST_YEAR, LAST_YEAR
from core.request_values import whole_number

YEARS_BACK, YEARS_AHEAD = 5, 1  # of the fiscal years that people can choose
AGENCY_KEY, YEAR_KEY = "workspace_agency", "workspace_year"


@dataclass(frozen=True)
class Workspace:
    """`agency` is None for people who work for the whole province and chose no OPD."""

    fiscal_year: int
    agency: Agency | None
    agencies: tuple[Agency, ...]


class SignedInRequest(HttpRequest):
    """What a view behind a sign-in gets; for the type checker only, nothing makes one."""

    user: User
    workspace: Workspace


def current_fiscal_year() -> int:
    return timezone.localdate().year


def opening_year(user: User | None) -> int:
    """What pages open on: people of an OPD plan and report in this year, readers see the newest year that reports."""
    if user is not None and user.agency_ids:
        return current_fiscal_year()
    year: int = import_string(settings.REPORTING_YEAR)(timezone.localdate())
    return year


def workspace_years() -> range:
    """The fiscal years to choose from, the newest first."""
    this_year = current_fiscal_year()
    return range(this_year + YEARS_AHEAD, this_year - YEARS_BACK - 1, -1)


def year_in(request: HttpRequest) -> int | None:
    """The year that the address names (`?tahun=2025`): it goes before the workspace's, so that a link shows what was
    meant."""
    year = whole_number(request.GET.get("tahun"), digits=4)
    return year if year and FIRST_YEAR <= year <= LAST_YEAR else None


def _agencies_of(person: User) -> dict[int, Agency]:
    """By key, those that exist first; after them the former ones, whose last reports are theirs to finish."""
    own = {m.agency_id: m.agency for m in person.all_memberships if m.agency_id and m.agency}
    continued = {pk for m in person.all_memberships for pk in m.continued_ids} - own.keys()
    former = Agency.objects.with_former().filter(pk__in=continued) if continued else []
    return {row.pk: row for row in sorted([*own.values(), *former], key=lambda row: row.closed_on is not None)}


def workspace_of(request: HttpRequest) -> Workspace:
    user = request.user
    person = user if isinstance(user, User) else None
    year = year_in(request) or int(request.session.get(YEAR_KEY) or 0) or opening_year(person)
    if person is None:
        return Workspace(year, None, ())
    own = _agencies_of(person)
    chosen = request.session.get(AGENCY_KEY)
    agency = own.get(chosen or 0) or next(iter(own.values()), None)
    return Workspace(year, agency, tuple(own.values()))


class LanguageMiddleware:
    """Pages are read in the reader's language. What is sent is worked on in Indonesian, and so is the API: notices,
    reasons and files that come of it are read by others. `core.exports` and `core.typesetting` see to files, and
    `core.page_language` to the page that answers a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(settings.LANGUAGE_CODE):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> None:
        """Until the answer is made. Pages for everybody are kept for everybody, in one language."""
        rule, user = rule_of(view), request.user
        if request.path.startswith("/api/v1/") or not isinstance(user, User) or (rule and rule.public):
            return
        if request.method in SAFE_METHODS:
            translation.activate(user.language)
        else:
            request.page_language = user.language  # type: ignore[attr-defined]  # ours


class PagePersonMiddleware:
    """Says whose page it is, for the script that keeps pages on a device: another person's are none of its business."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        rule = rule_of(request.resolver_match.func) if request.resolver_match else None
        is_own = rule is not None and not rule.public and response.get("Content-Type", "").startswith("text/html")
        if is_own and isinstance(request.user, User):
            response["Portal-Person"] = str(request.user.pk)
        return response


class WorkspaceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.workspace = SimpleLazyObject(lambda: workspace_of(request))  # type: ignore[attr-defined]  # ours; views read it from SignedInRequest
        return self.get_response(request)
