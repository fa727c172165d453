"""Sets of values about procurement (Perpres 16/2018 with its changes), and what a package may become."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

NIK_DIGITS, NPWP_DIGITS = 16, 15  # a NPWP may have sixteen as well: a person's is the NIK by now


class PackageKind(models.TextChoices):
    GOODS = "goods", _("Goods")
    WORKS = "works", _("Construction works")
    CONSULTING = "consulting", _("Consulting services")
    OTHER_SERVICES = "other_services", _("Other services")
    INTEGRATED = "integrated", _("Integrated (terintegrasi, gabungan)")


class Method(models.TextChoices):
    E_PURCHASING = "e_purchasing", _("E-purchasing")
    DIRECT_PROCUREMENT = "direct_procurement", _("Direct procurement (pengadaan langsung)")
    DIRECT_APPOINTMENT = "direct_appointment", _("Direct appointment (penunjukan langsung)")
    QUICK_TENDER = "quick_tender", _("Quick tender (tender cepat)")
    TENDER = "tender", _("Tender")
    SELECTION = "selection", _("Selection (seleksi)")
    CONTEST = "contest", _("Contest (sayembara, kontes)")
    EXEMPTED = "exempted", _("Exempted (dikecualikan)")
    SELF_MANAGED = "self_managed", _("Self-managed (swakelola)")
    MULTI_YEAR_PAYMENT = "multi_year_payment", _("Payment of a multi-year contract (kontrak tahun jamak)")


class SelfManagedType(models.TextChoices):
    """Swakelola by who plans, carries out and supervises (Perpres 16/2018 art. 18)."""

    TYPE_1 = "I", _("type I (the OPD itself)")
    TYPE_2 = "II", _("type II (another government agency)")
    TYPE_3 = "III", _("type III (a civil-society organisation)")
    TYPE_4 = "IV", _("type IV (a community group)")


class PackageState(models.TextChoices):
    PLANNED = "planned", _("planned")
    ANNOUNCED = "announced", _("announced")
    CONTRACTED = "contracted", _("under contract")
    COMPLETED = "completed", _("completed")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


# Steps on the package's way; what has to be there before each: procurement.packages.conditions.
PACKAGE_STEPS: dict[str, frozenset[str]] = {
    PackageState.PLANNED: frozenset({PackageState.ANNOUNCED, PackageState.CANCELLED}),
    PackageState.ANNOUNCED: frozenset({PackageState.CONTRACTED, PackageState.FAILED, PackageState.CANCELLED}),
    PackageState.CONTRACTED: frozenset({PackageState.COMPLETED, PackageState.CANCELLED}),
    PackageState.COMPLETED: frozenset(),
    PackageState.FAILED: frozenset(),
    PackageState.CANCELLED: frozenset(),
}
# The last step is taken back, with a reason: to where the package stood before it.
PACKAGE_STEPS_BACK: dict[str, frozenset[str]] = {
    PackageState.PLANNED: frozenset(),
    PackageState.ANNOUNCED: frozenset({PackageState.PLANNED}),
    PackageState.CONTRACTED: frozenset({PackageState.ANNOUNCED}),
    PackageState.COMPLETED: frozenset({PackageState.CONTRACTED}),
    PackageState.FAILED: frozenset({PackageState.ANNOUNCED}),
    PackageState.CANCELLED: frozenset({PackageState.PLANNED, PackageState.ANNOUNCED, PackageState.CONTRACTED}),
}
PACKAGE_TRANSITIONS: dict[str, frozenset[str]] = {
    state: PACKAGE_STEPS[state] | PACKAGE_STEPS_BACK[state] for state in PackageState
}
# Where several may offer, the contract follows from offers and a winner.
COMPETITIVE_METHODS = frozenset({Method.TENDER, Method.QUICK_TENDER, Method.SELECTION, Method.CONTEST})
# Swakelola is carried out without a supplier; a payment of a multi-year contract has its contract in an earlier year.
METHODS_WITHOUT_CONTRACT = frozenset({Method.SELF_MANAGED, Method.MULTI_YEAR_PAYMENT})
# The doors that stay shut until everybody on the package has declared and the superior has decided.
GATED_STATES = frozenset({PackageState.ANNOUNCED, PackageState.CONTRACTED})
# These steps give something up: they need a word on why.
STEPS_WITH_REASON = frozenset({PackageState.FAILED, PackageState.CANCELLED})


class OfficerRole(models.TextChoices):
    BUDGET_USER = "pa", _("Budget user (PA)")
    BUDGET_PROXY = "kpa", _("Proxy of the budget user (KPA)")
    COMMITMENT_OFFICER = "ppk", _("Commitment officer (PPK)")
    TECHNICAL_OFFICER = "pptk", _("Technical officer (PPTK)")
    PROCUREMENT_OFFICER = "pp", _("Procurement officer (pejabat pengadaan)")
    SELECTION_GROUP = "pokja", _("Member of the selection group (pokja pemilihan)")
    RECEIVING_OFFICER = "pjphp", _("Examiner of the delivery (PjPHP)")


class Signature(models.TextChoices):
    """How the person was asked again who they are when they signed."""

    NONE = "none", _("signed in only")
    PASSWORD = "password", _("password")
    SECOND_FACTOR = "totp", _("second factor")


class InterestKind(models.TextChoices):
    FAMILY = "family", _("Family")
    OWNERSHIP = "ownership", _("Ownership or shares")
    POST = "post", _("Post held")
    FORMER_EMPLOYER = "former_employer", _("Former employer")
    BUSINESS = "business", _("Business relation")
    GIFT = "gift", _("Gift")
    OTHER = "other", _("Other")


class InterestNature(models.TextChoices):
    ACTUAL = "actual", _("actual")
    POTENTIAL = "potential", _("potential")
    # Of declarations under Permenpan RB 37/2012; the one of 2024 knows the other two.
    PERCEIVED = "perceived", _("perceived")

    @classmethod
    def declared_now(cls) -> list["InterestNature"]:
        return [cls.ACTUAL, cls.POTENTIAL]


class DecisionKind(models.TextChoices):
    NO_CONFLICT = "no_conflict", _("No conflict")
    RESTRICT = "restrict", _("Restricted tasks")
    REPLACE = "replace", _("To be replaced")
    OTHER = "other", _("Other measure")


class MissingClearance(StrEnum):
    """What the clearance of one official still needs. Values of the view `procurement_clearance`, said by the gate."""

    NOTHING = ""
    OFFICER = "officer"
    DECLARATION = "declaration"
    DECISION = "decision"
    REPLACEMENT = "replacement"


class SupplierKind(models.TextChoices):
    COMPANY = "pt", _("Company (PT)")
    PARTNERSHIP = "cv", _("Partnership (CV, firma)")
    TRADER = "ud", _("Trading business (UD)")
    COOPERATIVE = "koperasi", _("Cooperative")
    PERSON = "person", _("Individual")
    OTHER = "other", _("Other")


class SupplierRole(models.TextChoices):
    DIRECTOR = "director", _("Director")
    COMMISSIONER = "commissioner", _("Commissioner")
    OWNER = "owner", _("Owner or shareholder")
    BENEFICIAL_OWNER = "beneficial_owner", _("Beneficial owner")
    KEY_STAFF = "key_staff", _("Key staff")
    MANAGER = "manager", _("Manager of the cooperative")


class CodeKind(models.TextChoices):
    """Whose code it is: each of these counts for itself, so that equal codes are not the same."""

    TENDER = "tender", _("tender in SPSE")
    NON_TENDER = "non_tender", _("non-tender in SPSE")
    RECORDED = "recorded", _("recorded purchase in SPSE")
    SELF_MANAGED = "self_managed", _("recorded swakelola in SPSE")
    ORDER = "order", _("order in the e-catalogue")


class ContactKind(models.TextChoices):
    ADDRESS = "address", _("Address")
    PHONE = "phone", _("Telephone")
    EMAIL = "email", _("E-mail")
    ACCOUNT = "account", _("Bank account")


class OfferState(models.TextChoices):
    """Values of OCDS's bid extension, so that nothing is translated on the way out."""

    PENDING = "pending", _("not evaluated yet")
    VALID = "valid", _("valid")
    DISQUALIFIED = "disqualified", _("disqualified")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ContractKind(models.TextChoices):
    PURCHASE_ORDER = "surat_pesanan", _("Purchase order (surat pesanan)")
    SPK = "spk", _("Work order (SPK)")
    CONTRACT = "kontrak", _("Contract (surat perjanjian)")
    RECEIPT = "kuitansi", _("Receipt (kuitansi or bukti pembelian)")


class HandoverKind(models.TextChoices):
    PROVISIONAL = "pho", _("provisional (PHO)")
    FINAL = "fho", _("final (FHO)")


class LeadState(models.TextChoices):
    OPEN = "open", _("to be looked at")
    CONFIRMED = "confirmed", _("confirmed")
    CLEARED = "cleared", _("cleared")
    FOLLOW_UP = "follow_up", _("needs follow-up")


# A review may be written anew; nobody puts a lead back as if it had not been looked at.
REVIEWED_LEAD_STATES = frozenset({LeadState.CONFIRMED, LeadState.CLEARED, LeadState.FOLLOW_UP})
LEAD_TRANSITIONS: dict[str, frozenset[str]] = dict.fromkeys(LeadState, REVIEWED_LEAD_STATES)


class ProcessingState(models.TextChoices):
    """Of what the worker makes or reads: an issued file, a data set of others."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


UNDERWAY_STATES = frozenset({ProcessingState.WAITING, ProcessingState.RUNNING})
# A small file is made at once; a worker that was stopped begins again.
EXPORT_TRANSITIONS: dict[str, frozenset[str]] = {
    ProcessingState.WAITING: frozenset({ProcessingState.RUNNING, ProcessingState.READY, ProcessingState.FAILED}),
    ProcessingState.RUNNING: frozenset({ProcessingState.RUNNING, ProcessingState.READY, ProcessingState.FAILED}),
    ProcessingState.READY: frozenset(),
    ProcessingState.FAILED: frozenset(),
}
DATASET_TRANSITIONS: dict[str, frozenset[str]] = {
    ProcessingState.WAITING: frozenset({ProcessingState.RUNNING}),
    ProcessingState.RUNNING: frozenset({ProcessingState.RUNNING, ProcessingState.READY, ProcessingState.FAILED}),
    ProcessingState.READY: frozenset(),
    ProcessingState.FAILED: frozenset({ProcessingState.RUNNING}),
}


class FlagSubject(models.TextChoices):
    PACKAGE = "package", _("package")
    BUYER = "buyer", _("OPD as buyer")
    ENTITY = "entity", _("OPD that runs the selection")
    TENDERER = "tenderer", _("supplier")


class PrivacyRequestKind(models.TextChoices):
    """Rights of the person concerned (UU 27/2022)."""

    ACCESS = "access", _("What is stored about me")
    CORRECTION = "correction", _("Correction")
    OBJECTION = "objection", _("Objection to the processing")
    ERASURE = "erasure", _("Erasure")


class PrivacyRequestState(models.TextChoices):
    OPEN = "open", _("to be answered")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")


PRIVACY_REQUEST_TRANSITIONS: dict[str, frozenset[str]] = {
    PrivacyRequestState.OPEN: frozenset({PrivacyRequestState.GRANTED, PrivacyRequestState.REFUSED}),
    PrivacyRequestState.GRANTED: frozenset(),
    PrivacyRequestState.REFUSED: frozenset(),
}
