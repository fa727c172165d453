"""Getting the newest seal out of the house, and verifying the chain; both tell people when something is wrong."""

import logging
import smtplib

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import remind
from core import audit, chain, database_roles, queue
from core.choices import Role
from core.formats import moment
from core.locks import advisory_lock
from core.models import ChainBlock
from evidence import head_file, stamping, ways
from evidence.models import ChainVerification, DepartureWay, HeadDeparture
from evidence.permissions import check_may_verify

KEPT_FINDINGS = 500
PAGE = "/audit/segel/"
logger = logging.getLogger("evidence.head")


def send_head() -> list[HeadDeparture]:
    """Get today's seal out by every way that is set and hasn't worked today; the tries of this call.

    Asked every hour. Twice is once: what has arrived is not sent again, what failed is tried again, and no way waits
    for another. Nothing of it runs inside a transaction, and nothing of it can stop the sealing.
    """
    with advisory_lock("chain-head") as held:
        if not held:
            return []
        block = _head_of_today()
        if block is None:
            return []
        tries = [_tried(block, way, where) for way, where in _ways(block)]
    failed = [row for row in tries if row.problem]
    if failed:
        _tell_of_failure(failed)
    return tries


def _head_of_today() -> ChainBlock | None:
    """The block whose seal has begun to leave today; else the newest, which the log then tells of."""
    begun = HeadDeparture.objects.filter(at__date=timezone.localdate()).order_by("pk").first()
    if begun is not None and (block := ChainBlock.objects.filter(hash=begun.seal).first()):
        return block
    block = ChainBlock.objects.order_by("number").last()
    if block is not None:
        logger.info("chain head %s %s", block.number, block.hash)
    return block


def _ways(block: ChainBlock) -> list[tuple[DepartureWay, str]]:
    """(way, where to) of what is set and hasn't arrived today."""
    done = set(HeadDeparture.objects.arrived().filter(seal=block.hash).values_list("way", "where"))
    return [each for each in ways.configured() if each not in done]


def _tried(block: ChainBlock, way: DepartureWay, where: str) -> HeadDeparture:
    row = HeadDeparture(number=block.number, seal=block.hash, way=way, where=where)
    try:
        stamp = _send(block, way, where)
    except (OSError, smtplib.SMTPException, stamping.StampError) as error:
        row.problem = (str(error) or type(error).__name__)[:500]
        logger.warning("chain head %s by %s not sent: %s", block.number, way, row.problem)
    else:
        if stamp is not None:
            row.token, row.stamped_at = stamp.token, stamp.at
    row.save(force_insert=True)
    if row.token is not None:
        _keep_beside_the_seals(row)
    return row


def _keep_beside_the_seals(row: HeadDeparture) -> None:
    """The stamp stands in the row already: a folder that is away costs the file only."""
    try:
        head_file.keep_token(row.number, row.seal, bytes(row.token or b""))
    except OSError as error:
        logger.warning("stamp of block %s not kept as a file: %s", row.number, error)


def _send(block: ChainBlock, way: DepartureWay, where: str) -> "stamping.TimeStamp | None":
    """By this way; the stamp that came back, if it is one that gives stamps."""
    match way:
        case DepartureWay.FILE:
            head_file.append(block.number, block.hash, timezone.now())
        case DepartureWay.MAIL:
            _mail(block, where)
        case DepartureWay.STAMP:
            return stamping.ask(block.hash)
    return None


def _mail(block: ChainBlock, to: str) -> None:
    subject = _("Seal %(number)s of the portal's hash chain") % {"number": block.number}
    text = _(
        "Keep this message. It proves later what the portal held at this moment.\n\n"
        "Block: %(number)s\nSealed: %(at)s\nSeal: %(seal)s\n\n"
        "To verify, the portal's operator runs: manage.py verify_chain --head %(seal)s\n"
        "If the seal is not in the chain then, the chain was cut off or made anew."
    ) % {"number": block.number, "at": moment(block.sealed_at), "seal": block.hash}
    send_mail(subject, text, None, [to])


def _watchers() -> list[User]:
    """Who has to know: auditors, and the administrators who can mend it."""
    return [*User.objects.with_role(Role.AUDITOR), *User.objects.with_role(Role.ADMINISTRATOR)]


@transaction.atomic
def _tell_of_failure(failed: list[HeadDeparture]) -> None:
    """Once a day and way: administrators mend it, auditors know why a stamp is missing."""
    for way in sorted({row.way for row in failed}):
        text = _("The chain's seal of today could not leave: %(way)s.") % {"way": DepartureWay(way).label}
        problems = "\n".join(f"{row.where}: {row.problem}" for row in failed if row.way == way)
        remind(_watchers(), text, PAGE, timezone.localdate(), more=problems)


def ask_for_verification(*, by: User) -> None:
    """Have the worker verify the whole chain; its answer stands on the page."""
    check_may_verify(by)
    audit.record("chain.verification_asked", None, by=by)
    queue.send_after_commit("evidence.tasks.verify", by.pk)


def verify(asked_by: User | None = None) -> ChainVerification:
    """The whole chain, everything behind it and what left the house; findings alert auditors and administrators."""
    begun = timezone.now()
    result = chain.verify()
    row = ChainVerification.objects.create(
        started_at=begun,
        asked_by_id=asked_by.pk if asked_by else None,
        asked_by_name=str(asked_by) if asked_by else "",
        blocks=result.blocks,
        sealed=result.sealed,
        unsealed=result.unsealed,
        head=result.head,
        finding_count=len(result.findings),
        findings=[
            {"table": each.table, "row": each.row, "what": str(each.what)} for each in result.findings[:KEPT_FINDINGS]
        ],
        weaknesses=database_roles.excess_rights(),
    )
    if row.finding_count:
        _tell_of_findings(row)
    return row


@transaction.atomic
def _tell_of_findings(row: ChainVerification) -> None:
    audit.record("chain.findings", row, by=None, findings=row.finding_count)
    text = _("The verification of the hash chain found %(count)s traces of changes past the portal.")
    shown = "\n".join(f"{each['table']} {each['row'] or ''}: {each['what']}" for each in row.findings[:20])
    remind(_watchers(), text % {"count": row.finding_count}, PAGE, timezone.localdate(), more=shown)
