"""Packages and their people, suppliers, contracting, red flags, leads and issued files."""

from procurement.models.clearance import Clearance
from procurement.models.contracting import Addendum, Award, Contract, Handover, Offer, OfferPartner, Payment
from procurement.models.declarations import Decision, Declaration, DeclarationQuerySet, Interest, Officer
from procurement.models.exports import AuditExport, SavedFilter
from procurement.models.flags import Flag, FlagRule, MethodThreshold, OutsideDataset, OutsideRelease
from procurement.models.leads import Lead
from procurement.models.packages import PACKAGE_READERS, GateOverride, Package, PackageQuerySet, PackageStep
from procurement.models.privacy import PrivacyRequest
from procurement.models.suppliers import (
    Blacklisting,
    OfficialProfile,
    Supplier,
    SupplierContact,
    SupplierPerson,
    SupplierQuerySet,
)

__all__ = [
    "PACKAGE_READERS",
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
]
