"""Agencies (OPD), people, what each may do where, their sessions and notices."""

import datetime as dt
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import connection, models
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import browsers
from accounts.choices import NoticesByMail
from accounts.nip import validate_nip
from core.audit import track
from core.choices import AGENCY_ROLES, SECOND_FACTOR_ROLES, Role
from core.periods import first_year_from

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LOAN_DAYS = 90
MOST_DAYS_AHEAD = 90  # before it begins: what lies further ahead is lent when it is near
PHONE = RegexValidator(r"^\+?[0-9][0-9 ()-]{5,18}$", _("Digits, for example 0812 3456 7890."))


class AgencyQuerySet(models.QuerySet["Agency"]):
    def living(self, day: dt.date | None = None) -> "AgencyQuerySet":
        """Those that exist on a day, today unless it says otherwise: whoever offers OPD for something new asks here."""
        day = day or timezone.localdate()
        return self.filter(
            Q(opened_on__isnull=True) | Q(opened_on__lte=day), Q(closed_on__isnull=True) | Q(closed_on__gt=day)
        )

    def with_former(self) -> "AgencyQuerySet":
        """All there ever were, those that exist first: for filters of lists that hold rows of former OPD too."""
        return self.order_by(models.F("closed_on").desc(nulls_first=True), "name")

    def visible_to(self, user: "User") -> "AgencyQuerySet":
        """The list of OPD is public inside the portal."""
        return self.all() if user.is_authenticated else self.none()


@track()
class Agency(models.Model):
    """A provincial agency (perangkat daerah, OPD) under one name, from a day until a day.

    One that is renamed, merged or split is closed (`accounts.agencies`), and its successor is a row of its own: what
    is over keeps its OPD and the name of its time."""

    code = models.CharField(
        _("SIPD code"), max_length=40, help_text=_("kode_skpd of SIPD, up to three fields of government and a number")
    )
    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=40)
    opened_on = models.DateField(
        _("exists from"), null=True, blank=True, editable=False, help_text=_("Empty: from before the portal.")
    )
    closed_on = models.DateField(_("no longer exists from"), null=True, blank=True, editable=False)
    # Of a closed one the OPD that exists today and keeps its papers, however many changes lie between.
    continued_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="continues",
        verbose_name=_("continued by"),
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("OPD")
        verbose_name_plural = _("OPD")
        ordering = ["name"]
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=[field],
                    condition=Q(closed_on__isnull=True),
                    name=f"accounts_agency_one_{field}",
                    violation_error_message=said,
                )
                for field, said in (
                    ("code", _("Another OPD has this code already.")),
                    ("name", _("Another OPD has this name already.")),
                    ("short_name", _("Another OPD has this short name already.")),
                )
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gt=models.F("opened_on")),
                name="accounts_agency_days",
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(continued_by__isnull=True) | Q(closed_on__isnull=False),
                name="accounts_agency_continued",
                violation_error_message=_("Only an OPD that no longer exists is continued by another."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:agency", args=[self.pk])

    @property
    def label(self) -> str:
        """As lists to choose from name it: a former OPD with its last day, not to be taken for its successor."""
        if self.closed_on is None:
            return self.name
        return _now("%(name)s (until %(day)s)") % {"name": self.name, "day": f"{self.last_day:%d/%m/%Y}"}

    @property
    def short_label(self) -> str:
        if self.closed_on is None:
            return self.short_name
        return _now("%(name)s (until %(day)s)") % {"name": self.short_name, "day": f"{self.last_day:%d/%m/%Y}"}

    @property
    def last_day(self) -> dt.date | None:
        return self.closed_on and self.closed_on - dt.timedelta(days=1)

    @property
    def today_id(self) -> int:
        """The key of the OPD that stands in its place today: its own while it exists."""
        return self.continued_by_id or self.pk

    def keeps_year(self, year: int) -> bool:
        """Whether the year's programmes and budget are its own: it existed until its end, or exists still."""
        return first_year_from(self.opened_on or dt.date.min) <= year < first_year_from(self.closed_on or dt.date.max)


class PortalUserManager(UserManager["User"]):
    def create_superuser(self, *args: Any, **fields: Any) -> "User":
        """As Django does; the history says where the account came from, which `verify_chain` looks for."""
        with pghistory.context(task="createsuperuser"):
            return super().create_superuser(*args, **fields)

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """In small letters, as a link by mail looks for it; Django keeps the case of the part before the @."""
        return (email or "").strip().lower()

    def heads_of(self, agency: Agency) -> "models.QuerySet[User]":
        """The head, and who stands in today."""
        holding = Membership.objects.in_force().filter(agency=agency.today_id, role=Role.AGENCY_HEAD)
        return self.filter(is_active=True, pk__in=holding.values("user"))

    def members_of(self, agency: Agency) -> "models.QuerySet[User]":
        """Whoever works there; at a former OPD nobody does, its successor's people do."""
        holding = Membership.objects.in_force().filter(agency=agency.today_id)
        return self.filter(is_active=True, pk__in=holding.values("user")).order_by("full_name")

    def operators_of(self, agency: Agency) -> "models.QuerySet[User]":
        holding = Membership.objects.in_force().filter(agency=agency.today_id, role=Role.OPERATOR)
        return self.filter(is_active=True, pk__in=holding.values("user"))

    def with_role(self, role: Role) -> "models.QuerySet[User]":
        holding = Membership.objects.in_force().filter(role=role)
        return self.filter(is_active=True, pk__in=holding.values("user"))


@track(exclude=("password", "last_login"))
class User(AbstractUser):
    first_name = None  # type: ignore[assignment]  # one name, as on Indonesian identity papers
    last_name = None  # type: ignore[assignment]  # Django's way to take a field of the base away
    full_name = models.CharField(_("full name"), max_length=160)
    email = models.EmailField(_("e-mail"), blank=True)
    nip = models.CharField(
        "NIP",
        max_length=18,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_nip],
        help_text=_("18 digits, for signing in by SSO."),
        error_messages={"unique": _("Somebody else has this NIP already.")},
    )
    # Kept by a trigger, for the history: the password itself is not in it.
    password_changed_at = models.DateTimeField(null=True, editable=False)
    phone = models.CharField(_("telephone"), max_length=20, blank=True, validators=[PHONE])
    language = models.CharField(
        _("language"),
        max_length=2,
        default="id",
        choices=[("id", _("Indonesian")), ("en", _("English"))],
        help_text=_(
            "In English you read the portal's own words. What people typed, regulations, figures, guides and files "
            "stay Indonesian, and so do notices, letters and messages about what you have sent."
        ),
    )
    notices_by_mail = models.CharField(
        _("notices by e-mail"),
        max_length=7,
        default=NoticesByMail.AT_ONCE,
        choices=NoticesByMail,
        help_text=_("In the portal they always stand. What concerns your account itself always comes by e-mail too."),
    )
    dark_mode = models.CharField(
        _("appearance"),
        max_length=5,
        default="auto",
        choices=[("auto", _("as the device")), ("light", _("light")), ("dark", _("dark"))],
    )

    objects: ClassVar[PortalUserManager] = PortalUserManager()
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name", "email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=Q(nip__isnull=True) | Q(nip__regex=r"^[0-9]{18}$"),
                name="accounts_user_nip",
                violation_error_message=_("A NIP has 18 digits."),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="password_changed",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("password"),
                condition=pgtrigger.Q(old__password__df=pgtrigger.F("new__password")),
                func="NEW.password_changed_at := clock_timestamp(); RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="revoke_tokens",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__password__df=pgtrigger.F("new__password"))
                | pgtrigger.Q(old__is_active=True, new__is_active=False),
                func="UPDATE accounts_apitoken SET revoked_at = now() "
                "WHERE user_id = NEW.id AND revoked_at IS NULL; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(",")[0]

    @cached_property
    def all_memberships(self) -> list["Membership"]:
        """One query per request, one more for who stands in for others. A deactivated account holds nothing."""
        held = list(self.memberships.current().with_agency()) if self.is_active else []
        is_lent = any(each.delegated_by_id for each in held)  # only then matters who else is still there
        return list(self.memberships.in_force().with_agency()) if is_lent else held

    @property
    def loans(self) -> list["Membership"]:
        """What somebody has lent this person today."""
        return [membership for membership in self.all_memberships if membership.delegated_by_id]

    @cached_property
    def held_roles(self) -> "list[HeldRole]":
        """As `held_roles_of`: one query per request, however many lists ask what waits for this person."""
        return held_roles_of(self.pk)

    @cached_property
    def roles(self) -> frozenset[Role]:
        held = {Role(membership.role) for membership in self.all_memberships}
        return frozenset(held | {Role.ADMINISTRATOR} if self.is_superuser and self.is_active else held)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """The back office asks Django's way; the portal's answer is the role."""
        del perm, obj
        return self.is_active and Role.ADMINISTRATOR in self.roles

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm(app_label)

    @cached_property
    def agency_ids(self) -> frozenset[int]:
        """The OPD whose drafts and papers this user works on, and the former ones that those continue."""
        own = (m for m in self.all_memberships if m.agency_id and m.role in AGENCY_ROLES)
        return frozenset(pk for m in own for pk in (m.agency_id, *m.continued_ids) if pk is not None)

    @cached_property
    def operated_agency_ids(self) -> frozenset[int]:
        return self._agencies_as(Role.OPERATOR)

    @cached_property
    def headed_agency_ids(self) -> frozenset[int]:
        return self._agencies_as(Role.AGENCY_HEAD)

    def _agencies_as(self, role: Role) -> frozenset[int]:
        """With the former ones: their last papers are the successor's to finish. Who belongs to an OPD that is closed
        acts nowhere by that."""
        acting = (m for m in self.all_memberships if m.role == role and m.agency and m.agency.closed_on is None)
        return frozenset(pk for m in acting for pk in (m.agency_id, *m.continued_ids) if pk is not None)

    def has_role(self, *wanted: Role) -> bool:
        return bool(self.roles & set(wanted))

    def heads(self, agency_id: int) -> bool:
        return agency_id in self.headed_agency_ids

    def operates(self, agency_id: int) -> bool:
        return agency_id in self.operated_agency_ids

    @property
    def needs_second_factor(self) -> bool:
        return bool(self.roles & SECOND_FACTOR_ROLES)


HeldRole = tuple[str, int | None, int | None]  # role, OPD, who lent it


def held_roles_of(user_id: int) -> list[HeldRole]:
    """What a person holds at this moment and acts in: not what is over, of a closed account, or lent to somebody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT role, agency_id, lender_id FROM accounts_holder WHERE user_id = %s AND NOT rests", [user_id]
        )
        return list(cursor.fetchall())


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self) -> "MembershipQuerySet":
        """Today's; a delegation that has not begun or is over gives nothing, and neither does one whose lender or
        whose stand-in has left the OPD (the view `accounts_holder` says the same)."""
        own = Membership.objects.current().filter(delegated_by__isnull=True, agency=OuterRef("agency"))
        lender = own.filter(user=OuterRef("delegated_by"), role=OuterRef("role"), user__is_active=True)
        stand_in = own.filter(user=OuterRef("user"))
        return self.current().filter(Q(delegated_by__isnull=True) | (Exists(lender) & Exists(stand_in)))

    def current(self) -> "MembershipQuerySet":
        """By its days alone."""
        today = timezone.localdate()
        return self.filter(Q(first_day__isnull=True) | Q(first_day__lte=today)).filter(
            Q(last_day__isnull=True) | Q(last_day__gte=today)
        )

    def delegations(self) -> "MembershipQuerySet":
        return self.filter(delegated_by__isnull=False)

    def with_agency(self) -> "MembershipQuerySet":
        """With OPD, the former ones that it continues, and lender; by the OPD's name."""
        rows = self.select_related("agency", "delegated_by").order_by("agency__name", "role")
        # Every request asks this: to build a subquery anew each time takes longer than to answer it.
        former = "ARRAY(SELECT former.id FROM accounts_agency former WHERE former.continued_by_id = %(expressions)s)"
        return rows.annotate(former_ids=Func(F("agency"), template=former, output_field=ArrayField(BigIntegerField())))


@track()
class Membership(models.Model):
    """One role of one user: at one OPD (operator, head), or for the province (all others).

    A delegation is the head's role lent for some days (`delegated_by`, `first_day` to `last_day`, with a reason).
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("OPD")
    )
    delegated_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="delegations_given", verbose_name=_("delegated by")
    )
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "agency"],
                name="accounts_membership_once",
                nulls_distinct=False,
                violation_error_message=_("This user already has that role there."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="accounts_membership_role",
                violation_error_message=_("Choose one of the roles."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=sorted(AGENCY_ROLES), agency__isnull=False)
                | (~Q(role__in=sorted(AGENCY_ROLES)) & Q(agency__isnull=True)),
                name="accounts_membership_agency",
                violation_error_message=_(
                    "Operators and heads belong to one OPD; every other role is for the whole province."
                ),
            ),
            models.CheckConstraint(
                condition=Q(delegated_by__isnull=True)
                | (
                    Q(role=Role.AGENCY_HEAD, first_day__isnull=False, last_day__gte=models.F("first_day"))
                    & ~Q(reason="")
                    & ~Q(delegated_by=models.F("user"))
                ),
                name="accounts_membership_delegation",
                violation_error_message=_(
                    "A head lends the role to somebody else, from a day to a day, with a reason."
                ),
            ),
            models.CheckConstraint(
                condition=Q(delegated_by__isnull=True)
                | Q(last_day__lte=models.F("first_day") + dt.timedelta(days=MOST_LOAN_DAYS - 1)),
                name="accounts_membership_loan",
                violation_error_message=_("A role is lent for at most 90 days."),
            ),
        ]
        # No CHECK: PostgreSQL wants one to say the same on every day.
        triggers = [
            pgtrigger.Trigger(
                name="loan_begins_soon",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("first_day", "delegated_by_id"),
                condition=pgtrigger.Q(new__delegated_by_id__isnull=False),
                func=f"""
                    IF NEW.first_day > (now() AT TIME ZONE 'Asia/Makassar')::date + {MOST_DAYS_AHEAD} THEN
                        RAISE EXCEPTION 'a loan begins within {MOST_DAYS_AHEAD} days' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        where = f" · {self.agency.short_name}" if self.agency else ""
        if self.delegated_by_id:
            return str(_("%(role)s (standing in)")) % {"role": self.get_role_display()} + where
        return f"{self.get_role_display()}{where}"

    @property
    def continued_ids(self) -> "Sequence[int]":
        """The former OPD that its OPD continues, where the query has asked for them."""
        return getattr(self, "former_ids", ())

    def clean(self) -> None:
        closed_on = self.agency.closed_on if self.agency else None
        if closed_on is not None and (self.last_day or dt.date.max) >= closed_on:
            raise ValidationError({"agency": _now("%(agency)s no longer exists.") % {"agency": self.agency}})


class Session(AbstractBaseSession):
    """A signed-in browser, listed on the account page and ended from there."""

    user_id = models.BigIntegerField(null=True, db_index=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    browser = models.CharField(_("browser"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("signed in"), null=True)
    seen_at = models.DateTimeField(_("last used"), null=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = _("session")  # type: ignore[assignment]  # the stubs know str only here
        verbose_name_plural = _("sessions")  # type: ignore[assignment]  # a lazy text; the base class has a str

    @property
    def browser_name(self) -> str:
        return browsers.in_words(self.browser)

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore


from accounts.agencies.models import AgencyChange, AgencyMove  # noqa: E402, F401 (as above)
from accounts.device_resets.models import DeviceReset  # noqa: E402, F401 (Django finds an app's models here)
from accounts.drafts.models import Draft  # noqa: E402, F401 (as above)
from accounts.notices import Notice, NoticeQuerySet  # noqa: E402, F401 (as above)
from accounts.regulations.models import RegulationCheck  # noqa: E402, F401 (as above)
from accounts.sign_in.models import FailedTry, FormerPassword, KnownPlace, SpentCode  # noqa: E402, F401 (as above)
from accounts.sso.models import UnitCode  # noqa: E402, F401 (as above)
from accounts.tokens.models import ApiToken  # noqa: E402, F401 (as above)
