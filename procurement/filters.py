import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.encryption import keyed_hash
from core.fields import NumberFormField
from core.filters import DressedFilterSet
from procurement.choices import DecisionKind, FlagSubject, LeadState, Method, PackageKind, PackageState, SupplierKind
from procurement.models import Declaration, Flag, Interest, Lead, Package, Supplier
from procurement.red_flags import RULES
from spm.models import Domain

MISSING, COMPLETE = "missing", "complete"


class MoneyFilter(django_filters.Filter):
    field_class = NumberFormField


class PackageFilter(DressedFilterSet):
    """The auditor's filters; the page, both files and the totals use this one."""

    q = django_filters.CharFilter(method="search", label=_("Name or RUP code"))
    agency = django_filters.ModelChoiceFilter(queryset=Agency.objects.all(), label=_("OPD"), empty_label=_("All OPD"))
    domain = django_filters.ModelChoiceFilter(
        field_name="program__service__domain",
        queryset=Domain.objects.all(),
        label=_("SPM domain"),
        empty_label=_("All domains"),
    )
    kind = django_filters.ChoiceFilter(choices=PackageKind, label=_("Kind"), empty_label=_("All kinds"))
    method = django_filters.ChoiceFilter(choices=Method, label=_("Method"), empty_label=_("All methods"))
    state = django_filters.ChoiceFilter(choices=PackageState, label=_("State"), empty_label=_("All states"))
    declarations = django_filters.ChoiceFilter(
        choices=[(MISSING, _("missing")), (COMPLETE, _("complete"))],
        method="by_declarations",
        label=_("Declarations"),
        empty_label=_("All"),
    )
    flagged = django_filters.ChoiceFilter(
        choices=[("yes", _("with a red flag"))], method="by_flags", label=_("Red flags"), empty_label=_("All")
    )
    ceiling_min = MoneyFilter(field_name="ceiling_rupiah", lookup_expr="gte", label=_("Ceiling from (Rp)"), decimals=2)
    ceiling_max = MoneyFilter(field_name="ceiling_rupiah", lookup_expr="lte", label=_("Ceiling to (Rp)"), decimals=2)

    class Meta:
        model = Package
        fields = [
            "q",
            "agency",
            "domain",
            "kind",
            "method",
            "state",
            "declarations",
            "flagged",
            "ceiling_min",
            "ceiling_max",
        ]

    def search(self, queryset: QuerySet[Package], _name: str, value: str) -> QuerySet[Package]:
        for word in value.split()[:8]:
            queryset = queryset.filter(Q(name__icontains=word) | Q(rup_code__startswith=word))
        return queryset

    def by_declarations(self, queryset: QuerySet[Package], _name: str, value: str) -> QuerySet[Package]:
        return queryset.filter(lacks_declarations=value == MISSING)

    def by_flags(self, queryset: QuerySet[Package], _name: str, _value: str) -> QuerySet[Package]:
        return queryset.filter(is_flagged=True)


class FlagFilter(DressedFilterSet):
    q = django_filters.CharFilter(method="search", label=_("Package or RUP code"))
    code = django_filters.ChoiceFilter(
        choices=[(code, f"{code} {rule.title}") for code, rule in RULES.items()],
        label=_("Flag"),
        empty_label=_("All flags"),
    )
    agency = django_filters.ModelChoiceFilter(queryset=Agency.objects.all(), label=_("OPD"), empty_label=_("All OPD"))
    domain = django_filters.ModelChoiceFilter(
        field_name="package__program__service__domain",
        queryset=Domain.objects.all(),
        label=_("SPM domain"),
        empty_label=_("All domains"),
    )
    subject = django_filters.ChoiceFilter(choices=FlagSubject, label=_("About"), empty_label=_("All"))
    aside = django_filters.ChoiceFilter(
        choices=[("no", _("raised")), ("yes", _("put aside"))],
        method="by_aside",
        label=_("State"),
        empty_label=_("All"),
    )

    class Meta:
        model = Flag
        fields = ["q", "code", "agency", "domain", "subject", "aside"]

    def search(self, queryset: QuerySet[Flag], _name: str, value: str) -> QuerySet[Flag]:
        for word in value.split()[:8]:
            queryset = queryset.filter(
                Q(package__name__icontains=word)
                | Q(package__rup_code__startswith=word)
                | Q(supplier__name__icontains=word)
            )
        return queryset

    def by_aside(self, queryset: QuerySet[Flag], _name: str, value: str) -> QuerySet[Flag]:
        return queryset.filter(suppressed_at__isnull=value == "no")


class OutsideFlagFilter(DressedFilterSet):
    """Flags on data of others: found by ocid or the party's identifier."""

    q = django_filters.CharFilter(field_name="key", lookup_expr="icontains", label=_("ocid or party"))
    code = django_filters.ChoiceFilter(
        choices=[(code, f"{code} {rule.title}") for code, rule in RULES.items() if not rule.own_only],
        label=_("Flag"),
        empty_label=_("All flags"),
    )

    class Meta:
        model = Flag
        fields = ["q", "code"]


class LeadFilter(DressedFilterSet):
    q = django_filters.CharFilter(method="search", label=_("Person or supplier"))
    state = django_filters.ChoiceFilter(choices=LeadState, label=_("Result of the review"), empty_label=_("All"))
    strength = django_filters.ChoiceFilter(
        choices=[("strong", _("more than a name")), ("name", _("name only"))], method="by_strength", label=_("What it rests on"),
        empty_label=_("All"),
    )  # fmt: skip

    class Meta:
        model = Lead
        fields = ["q", "state", "strength"]

    def search(self, queryset: QuerySet[Lead], _name: str, value: str) -> QuerySet[Lead]:
        for word in value.split()[:8]:
            queryset = queryset.filter(
                Q(supplier__name__icontains=word) | Q(other_supplier__name__icontains=word)
                | Q(official__full_name__icontains=word) | Q(interest__party_name__icontains=word)
            )  # fmt: skip
        return queryset

    def by_strength(self, queryset: QuerySet[Lead], _name: str, value: str) -> QuerySet[Lead]:
        return queryset.filter(score__gt=0.45) if value == "strong" else queryset.filter(score__lte=0.45)


class SupplierFilter(DressedFilterSet):
    """A name in parts, or a whole NPWP (found by its hash)."""

    q = django_filters.CharFilter(method="search", label=_("Name, NPWP or NIB"))
    kind = django_filters.ChoiceFilter(choices=SupplierKind, label=_("Legal form"), empty_label=_("All"))
    banned = django_filters.ChoiceFilter(
        choices=[("yes", _("blacklisted now"))], method="by_ban", label=_("Blacklist"), empty_label=_("All")
    )

    class Meta:
        model = Supplier
        fields = ["q", "kind", "banned"]

    def search(self, queryset: QuerySet[Supplier], _name: str, value: str) -> QuerySet[Supplier]:
        digits = "".join(character for character in value if character.isdigit())
        if len(digits) >= 13:  # noqa: PLR2004 (a NIB has 13 digits, an NPWP 15 or 16)
            return queryset.filter(Q(tax_number_hash=keyed_hash(digits)) | Q(business_number=digits))
        for word in value.split()[:8]:
            queryset = queryset.filter(name__icontains=word)
        return queryset

    def by_ban(self, queryset: QuerySet[Supplier], _name: str, _value: str) -> QuerySet[Supplier]:
        return queryset.filter(banned=True)  # type: ignore[misc]  # annotated by the view


class RegisterFilter(DressedFilterSet):
    """Of the register of declarations."""

    q = django_filters.CharFilter(method="search", label=_("Person, party, package or RUP code"))
    agency = django_filters.ModelChoiceFilter(queryset=Agency.objects.all(), label=_("OPD"), empty_label=_("All OPD"))
    about = django_filters.ChoiceFilter(
        choices=[("year", _("the year")), ("package", _("a package"))],
        method="by_about",
        label=_("About"),
        empty_label=_("All"),
    )
    content = django_filters.ChoiceFilter(
        choices=[("some", _("has an interest")), ("none", _("no interest"))],
        method="by_content",
        label=_("Content"),
        empty_label=_("All"),
    )
    decision = django_filters.ChoiceFilter(
        choices=[("open", _("not decided yet")), *DecisionKind.choices],
        method="by_decision",
        label=_("Decision"),
        empty_label=_("All"),
    )
    versions = django_filters.ChoiceFilter(
        choices=[("all", _("all versions"))], method="by_version", label=_("Versions"), empty_label=_("the newest")
    )

    class Meta:
        model = Declaration
        fields = ["q", "agency", "about", "content", "decision", "versions"]

    def filter_queryset(self, queryset: QuerySet[Declaration]) -> QuerySet[Declaration]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("versions") else found.filter(superseded_at__isnull=True)

    def search(self, queryset: QuerySet[Declaration], _name: str, value: str) -> QuerySet[Declaration]:
        for word in value.split()[:8]:
            queryset = queryset.filter(
                Q(declarer__full_name__icontains=word)
                | Q(officer__package__name__icontains=word)
                | Q(officer__package__rup_code__startswith=word)
                | Q(pk__in=Interest.objects.filter(party_name__icontains=word).values("declaration"))
            )
        return queryset

    def by_about(self, queryset: QuerySet[Declaration], _name: str, value: str) -> QuerySet[Declaration]:
        return queryset.filter(officer__isnull=value == "year")

    def by_content(self, queryset: QuerySet[Declaration], _name: str, value: str) -> QuerySet[Declaration]:
        return queryset.filter(has_interest=value == "some")

    def by_decision(self, queryset: QuerySet[Declaration], _name: str, value: str) -> QuerySet[Declaration]:
        return queryset.filter(decision__isnull=True) if value == "open" else queryset.filter(decision__kind=value)

    def by_version(self, queryset: QuerySet[Declaration], _name: str, _value: str) -> QuerySet[Declaration]:
        return queryset
