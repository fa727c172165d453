"""The lists of declarations: those that one may read, and the register."""

from django.utils.translation import gettext_lazy as _

from core.tables import DayColumn, PartColumn, PortalTable, TextColumn

CONTENT = "procurement/declarations/declared_content.html"
DECISION = "procurement/declarations/cells/decision.html"


class DeclarationTable(PortalTable):
    offers_files = False  # the register and the auditor's report give files that are written into the trail
    person = PartColumn(
        "procurement/declarations/cells/person.html",
        title=True,
        verbose_name=_("Person"),
        order_by="declarer__full_name",
        width=48,
    )
    about = TextColumn(verbose_name=_("About"), orderable=False, width=60)
    declared_at = DayColumn(verbose_name=_("Declared"))
    has_interest = PartColumn(CONTENT, context_object_name="declaration", verbose_name=_("Content"))
    decision = PartColumn(DECISION, verbose_name=_("Decision"), orderable=False, width=48)


class RegisterTable(PortalTable):
    """The register's workbook is made by `register.workbook`, which writes it into the trail with its SHA-256."""

    offers_files = False

    declarer = PartColumn(
        "procurement/declarations/cells/declarer.html",
        title=True,
        verbose_name=_("Name of the official"),
        order_by="declarer__full_name",
    )
    agency = TextColumn(accessor="agency__short_name", verbose_name="OPD")
    about = TextColumn(verbose_name=_("About"), orderable=False)
    declared_at = PartColumn("procurement/declarations/cells/version.html", verbose_name=_("Declared"))
    has_interest = PartColumn(CONTENT, context_object_name="declaration", verbose_name=_("Content"))
    decision = PartColumn(DECISION, verbose_name=_("Decision"), orderable=False)
