"""What each act of the trail is called, in words. `tests/accounts/trail/test_words.py` finds an act without."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.formats import day, moment
from core.models import AuditEvent

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

EMPTY = "–"


@dataclass(frozen=True)
class ActKind:
    """Acts that are looked for together, by what a person did."""

    label: "StrOrPromise"
    actions: "dict[str, StrOrPromise]"


KINDS = {
    "accounts": ActKind(
        _("Accounts and roles"),
        {
            "account.invited": _("invited somebody"),
            "account.changed": _("changed somebody's account"),
            "account.confirmed": _("said that address and NIP of the account are right"),
            "link.withheld": _("a link for a new password was not sent: the address is not confirmed"),
            "roles.changed": _("changed somebody's roles"),
            "sign_in.closed": _("account closed for a while after wrong passwords"),
            "session.new_place": _("signed in from a new place"),
            "session.ended": _("signed a browser out"),
            "session.others_ended": _("signed out every other browser"),
            "password.changed": _("changed the own password"),
            "second_factor.set_up": _("set up the second factor"),
            "recovery_code.used": _("used a recovery code"),
            "passkey.added": _("added a passkey"),
            "passkey.removed": _("removed a passkey"),
            "second_factor.link_sent": _("was sent a link to set up a second factor"),
            "password.chosen_by_link": _("chose a password by a link"),
            "device_reset.asked": _("asked to reset a lost device"),
            "device_reset.done": _("confirmed the reset of a lost device"),
            "device_reset.refused": _("refused the reset of a lost device"),
            "sso.linked": _("linked an account with the SSO"),
            "sso.other_subject": _("was refused at the SSO: another account came with this NIP"),
            "sso.refused": _("was refused by way of the SSO"),
            "agency.renamed": _("renamed an OPD"),
            "agency.merged": _("merged an OPD into another"),
            "agency.split": _("split an OPD"),
            "regulation.compared": _("compared a regulation with its text"),
            "unit_code.saved": _("said which OPD a unit of the SSO is"),
            "unit_code.removed": _("removed a unit of the SSO"),
            "token.made": _("made an API token"),
            "token.revoked": _("revoked an API token"),
            "token.renewed": _("made a new API token"),
            "delegation.given": _("lent the head's role"),
            "delegation.ended": _("took the lent role back"),
        },
    ),
    "administration": ActKind(
        _("Changes in the administration"),
        {
            "admin.added": _("added in the administration"),
            "admin.changed": _("changed in the administration"),
            "admin.deleted": _("removed in the administration"),
            "schedule.changed": _("changed the schedule"),
            "rule.saved": _("saved a rule of validation"),
            "rule.removed": _("removed a rule of validation"),
            "keys.rotated": _("changed the keys of encrypted fields"),
            "chain.verification_asked": _("had the hash chain verified"),
            "structure.differed": _("found the database changed past the migrations"),
            "chain.findings": _("the hash chain was found changed"),
            "retention.applied": _("erased personal data whose time was over"),
        },
    ),
    "refused": ActKind(
        _("Refused"),
        {
            "access.refused": _("was refused a page"),
        },
    ),
    "personal": ActKind(
        _("Personal data"),
        {
            "identity.unmasked": _("saw an identity number in the clear"),
            "identity.searched": _("looked for an identity number"),
            "declaration.read": _("read a declaration"),
            "personal_data.exported": _("fetched the own data"),
            "privacy.asked": _("noted a request about personal data"),
            "privacy.answered": _("answered a request about personal data"),
            "profile.saved": _("saved the own particulars"),
        },
    ),
    "files": ActKind(
        _("Downloads and files"),
        {
            "file.fetched": _("fetched a file"),
            "trail.exported": _("took the trail along as a file"),
            "declarations.exported": _("took the register of declarations along"),
            "procurement_report.exported": _("took an auditor's file along"),
            "spm.exported": _("took the SPM figures along"),
            "spm.reported": _("made the SPM report"),
            "signature.prepared": _("prepared a paper to be signed"),
            "signature.sent": _("sent a paper to be signed"),
            "signature.signed": _("signed a paper electronically"),
            "signature.refused": _("did not sign a paper"),  # until the three below told how that came
            "signature.rejected": _("a paper whose signature BSrE refused"),
            "signature.withdrawn": _("withdrew a paper before it was signed"),
            "signature.said_unsigned": _("said that a paper was not signed"),
            "signature.unknown": _("a paper of which it is unknown whether it was signed"),
            "evidence.attached": _("attached evidence"),
            "evidence.detached": _("took evidence off"),
            "upload.received": _("handed in a list"),
            "upload.columns_assigned": _("assigned the columns of a list"),
            "upload.taken_over": _("took a list over"),
            "upload.taken_back": _("took a list back"),
            "upload.discarded": _("put a list aside"),
            "budget.version_taken_over": _("took over a version of the budget"),
            "outside_dataset.received": _("handed in data of others"),
            "outside_dataset.removed": _("removed data of others"),
        },
    ),
    "declarations": ActKind(
        _("Declarations and procurement"),
        {
            "declaration.made": _("made a declaration"),
            "declaration.decided": _("decided on a declaration"),
            "gate.overridden": _("let a package pass without complete declarations"),
            "package.created": _("added a package"),
            "package.planned": _("put a package back to planned"),
            "package.step_taken_back": _("took a step of a package back"),
            "package.announced": _("announced a package"),
            "package.contracted": _("put a package under contract"),
            "package.completed": _("completed a package"),
            "package.failed": _("noted a failed package"),
            "package.cancelled": _("cancelled a package"),
            "officer.assigned": _("assigned an official"),
            "officer.removed": _("took an official off a package"),
            "selection.saved": _("saved the course of a selection"),
            "offer.saved": _("saved an offer"),
            "offer.entered": _("entered an offer"),
            "offer.changed": _("changed an offer"),
            "offer.removed": _("removed an offer"),
            "award.decided": _("entered the winner"),
            "award.cancelled": _("cancelled the decision on a winner"),
            "contract.entered": _("entered a contract"),
            "contract.corrected": _("corrected a contract"),
            "addendum.entered": _("entered an addendum"),
            "handover.entered": _("entered a handover (BAST)"),
            "handover.corrected": _("corrected a handover (BAST)"),
            "handover.removed": _("took a handover (BAST) off"),
            "payment.entered": _("entered a payment (SP2D)"),
            "payment.corrected": _("corrected a payment (SP2D)"),
            "payment.removed": _("took a payment (SP2D) off"),
            "supplier.created": _("added a supplier"),
            "supplier.changed": _("changed a supplier"),
            "supplier.merged": _("merged two suppliers"),
            "flag.suppressed": _("put a red flag aside"),
            "flag.restored": _("raised a red flag again"),
            "lead.reviewed": _("reviewed a lead"),
        },
    ),
    "programs": ActKind(
        _("Programmes and reports"),
        {
            "program.created": _("added a programme"),
            "program.copied": _("copied a programme"),
            "program.deleted": _("deleted the draft of a programme"),
            "program.changed": _("changed a programme"),
            "program.registered": _("registered a programme"),
            "program.reopened": _("made a registered programme a draft again"),
            "program.indicators_changed": _("changed the indicators"),
            "program.legal_basis_added": _("added a legal basis"),
            "program.region_targets_set": _("set the targets by region"),
            "decision.looked_at": _("opened what waits for the own decision"),
            "report.opened": _("opened a report"),
            "report.draft": _("put a report back to draft"),
            "report.submitted": _("sent a report"),
            "report.withdrawn": _("took a sent report back"),
            "report.approval_withdrawn": _("took back the approval of a report"),
            "report.returned": _("returned a report"),
            "report.approved": _("approved a report"),
            "report.verified": _("verified a report"),
            "report.locked": _("locked a report"),
            "report.revision_opened": _("opened a revision of a report"),
            "report.revision_counts": _("let a revision count"),
            "reports.sent": _("sent the reports of a period"),
            "period.locked": _("locked a period"),
            "period.unlocked": _("unlocked reports of a period"),
            "spm.entered": _("entered SPM figures"),
            "spm.plan_kept": _("kept a what-if of the SPM"),
            "spm.stage_done": _("marked a stage of the SPM as done"),
            "spm.stage_taken_back": _("took back a stage of the SPM"),
            "service.created": _("added a public service"),
            "procedure.saved": _("saved a procedure"),
            "procedure.decided": _("decided on a procedure"),
            "procedure.withdrawn": _("took a proposed procedure back"),
        },
    ),
    "office": ActKind(
        _("Governor's office"),
        {
            "directive.given": _("gave a directive"),
            "directive.followed_up": _("answered a directive"),
            "briefing.issued": _("issued a briefing"),
            "briefing.reordered": _("changed the order of the briefing"),
            "warning.silenced": _("silenced an early warning"),
            "warning.unsilenced": _("let an early warning speak again"),
        },
    ),
    "reference": ActKind(
        _("Official figures"),
        {
            "source.saved": _("saved a source"),
            "catalogue.requested": _("asked for a source's catalogue"),
            "series.saved": _("saved a series"),
            "series.switched_on": _("switched a series on"),
            "series.switched_off": _("switched a series off"),
            "series.regions_mapped": _("assigned the regions of a series"),
            "series.rolled_back": _("rolled a series back"),
            "series.released": _("released a series"),
            "pull.requested": _("asked for a pull"),
            "figures.revised": _("official figures were revised"),
        },
    ),
}
# What the details of an act are called; `tests/accounts/trail/test_words.py` finds one without.
DETAILS: "dict[str, StrOrPromise]" = {
    "activities": _("activities"),
    "indicators": _("indicators"),
    "sub_activities": _("sub-activities"),
    "day": _("counts from"),
    "acting_for": _("standing in for"),
    "acting_for_id": _("standing in for (number of the account)"),
    "address": _("address"),
    "adopted": _("adopted"),
    "agency": "OPD",
    "asker": _("asked by"),
    "asked_by": _("asked by (number of the account)"),
    "basis": _("legal basis"),
    "ceiling_rupiah": _("ceiling (Rp)"),
    "certificate": _("certificate"),
    "code": _("code"),
    "checked_by": _("compared by"),
    "count": _("how many"),
    "contract": _("contract"),
    "counts": _("counts"),
    "domain": _("domain"),
    "double": _("number of the double"),
    "due_on": _("due"),
    "enabled": _("switched on"),
    "entries": _("entries"),
    "erased": _("erased"),
    "expires_at": _("expires"),
    "fields": _("fields"),
    "file": _("file"),
    "filters": _("filters"),
    "findings": _("findings"),
    "first_day": _("first day"),
    "fiscal_year": _("fiscal year"),
    "found": _("found"),
    "hash": _("seal"),
    "held": _("roles held (number, role, number of the OPD, last day)"),
    "hidden": _("not shown"),
    "interest": _("number of the interest"),
    "interests": _("interests"),
    "item": _("item"),
    "kind": _("kind"),
    "last_day": _("last day"),
    "layout": _("layout"),
    "missing": _("what was missing"),
    "month": _("month"),
    "moved": _("went over"),
    "name": _("name"),
    "nip": "NIP",
    "number": _("number"),
    "obstacles": _("what stood in the way"),
    "officer": _("number of the official's account"),
    "paper_sha256": _("SHA-256 of the paper"),
    "parts": _("parts"),
    "period": _("period"),
    "person": _("number of the person"),
    "problem": _("problem"),
    "pull": _("number of the pull"),
    "regions": _("regions"),
    "removed": _("removed"),
    "report": _("number of the report"),
    "reports": _("reports"),
    "resources": _("resources"),
    "result": _("result"),
    "role": _("role"),
    "roles": _("roles"),
    "rows": _("rows"),
    "score": _("score"),
    "sha256": "SHA-256",
    "size": _("bytes"),
    "source": _("copied from"),
    "source_id": _("copied from (number of the programme)"),
    "state": _("state"),
    "subject": _("subject"),
    "successors": _("continued by"),
    "supplier": _("supplier"),
    "to": _("to whom"),
    "to_pull": _("back to the pull with the number"),
    "to_state": _("next state"),
    "until": _("until"),
    "values": _("values"),
    "was": _("before"),
    "week": _("week"),
    "year": _("year"),
}
SHOWN = {
    "program.copied": ("source",),
    "structure.differed": ("parts",),
    "agency.renamed": ("day", "successors", "basis"),
    "agency.merged": ("day", "successors", "basis"),
    "agency.split": ("day", "successors", "basis"),
    "roles.changed": ("roles",),
    "account.changed": ("fields",),
    "account.confirmed": ("fields",),
    "delegation.given": ("to", "first_day", "last_day"),
    "delegation.ended": ("to",),
    "device_reset.done": ("asker",),
    "device_reset.refused": ("asker",),
}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
WORDS = {action: words for kind in KINDS.values() for action, words in kind.actions.items()}


def said_of(action: str) -> str:
    """An act in words; an act of an earlier release as it was written."""
    return str(WORDS.get(action, action))


def changes_of(event: AuditEvent) -> list[str]:
    """“Role: operator → head”, line by line; empty where a record was only added, fetched or decided on."""
    return [
        _now("%(field)s: %(before)s → %(after)s")
        % {
            "field": change.get("field", ""),
            "before": change.get("before") or EMPTY,
            "after": change.get("after") or EMPTY,
        }
        for change in event.details.get("changes", [])
        if isinstance(change, dict)
    ]


def shown_of(event: AuditEvent) -> list[str]:
    """What the act would not be understood without, where its record's name does not say it; the file has all."""
    return changes_of(event) + [
        f"{DETAILS[name]}: {_in_words(event.details[name])}"
        for name in SHOWN.get(event.action, ())
        if event.details.get(name)
    ]


def details_of(event: AuditEvent) -> list[str]:
    """“expires: 3 December 2026 14.30 WITA”; a name of an earlier release as it was written."""
    return [
        f"{DETAILS.get(name, name)}: {_in_words(said)}"
        for name, said in sorted(event.details.items())
        if name != "changes" and said not in ("", None, [], {})
    ]


def _in_words(said: object) -> str:
    if isinstance(said, bool):
        return _now("yes") if said else _now("no")
    if isinstance(said, dict):
        return ", ".join(f"{DETAILS.get(str(name), name)} {_in_words(each)}" for name, each in said.items())
    if isinstance(said, list):
        return ", ".join(_in_words(each) for each in said)
    text = str(said)
    if not DAY.match(text):
        return text
    try:
        return day(date.fromisoformat(text)) if DAY.fullmatch(text) else moment(datetime.fromisoformat(text))
    except ValueError:
        return text
