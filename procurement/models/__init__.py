"""Packages and their people, suppliers, contracting, red flags, leads and issued files."""

from procurement.models.clearance import Clearance
from procurement.models.contracting import Addendum, Award, Contract, Handover, Offer, OfferPartner, Payment
from procurement.models.declarations import (
    DECIDE_DECLARATION,
    DECIDE_ON_HEAD,
    Decision,
    Declaration,
    DeclarationQuerySet,
    Interest,
    Officer,
)
from procurement.models.exports import AuditExport, SavedFilter
from procurement.models.flags import (
    REVIEW_FLAG,
    Flag,
    FlagLimit,
    FlagRule,
    MethodThreshold,
    OutsideDataset,
    OutsideRelease,
)
from procurement.models.leads import (
    REVIEW_LEAD,
    Lead,
)
from procurement.models.packages import (
    OVERRIDE_GATE,
    PACKAGE_READERS,
    GateOverride,
    Package,
    PackageQuerySet,
    PackageStep,
)
from procurement.models.privacy import (
    ANSWER_REQUEST,
    PrivacyRequest,
)
from procurement.models.suppliers import (
    Blacklisting,
    OfficialProfile,
    Supplier,
    SupplierContact,
    SupplierPerson,
    SupplierQuerySet,
    is_identity_of,
)
from procurement.models.tender_codes import TenderCode

__all__ = [
    "ANSWER_REQUEST",
    "DECIDE_DECLARATION",
    "DECIDE_ON_HEAD",
    "OVERRIDE_GATE",
    "PACKAGE_READERS",
    "REVIEW_FLAG",
    "REVIEW_LEAD",
    "Addendum",
    "AuditExport",
    "Award",
    "Blacklisting",
    "Clearance",
    "Contract",
    "Decision",
    "Declaration",
    "DeclarationQuerySet",
    "Flag",
    "FlagLimit",
    "FlagRule",
    "GateOverride",
    "Handover",
    "Interest",
    "Lead",
    "MethodThreshold",
    "Offer",
    "OfferPartner",
    "Officer",
    "OfficialProfile",
    "OutsideDataset",
    "OutsideRelease",
    "Package",
    "PackageQuerySet",
    "PackageStep",
    "Payment",
    "PrivacyRequest",
    "SavedFilter",
    "Supplier",
    "SupplierContact",
    "SupplierPerson",
    "SupplierQuerySet",
    "TenderCode",
    "is_identity_of",
]
