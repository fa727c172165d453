"""What a data steward fills in: a source, a series, its regions, the schedule; and a list to hand in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.fields import NumberFormField, WholeNumberFormField
from core.models import Region
from datasources.choices import MappedBy
from datasources.connectors.base import Connector, QueryForm
from datasources.connectors.registry import connector_for
from datasources.models import RegionMapping, Series, Source

INTERVALS = [
    (dt.timedelta(hours=6), _("every 6 hours")),
    (dt.timedelta(days=1), _("every day")),
    (dt.timedelta(days=7), _("every week")),
    (dt.timedelta(days=30), _("every 30 days")),
]
STALE_FACTOR = 7
STALE_AFTER_HANDED_IN = dt.timedelta(days=400)  # a yearly list, and a month of grace
LEFT_OUT = "out"
MOST_YEARS_BACK = 50  # as many as a pull by hand may ask for


class SeriesForm(forms.ModelForm):
    """What every series has; what its kind of source needs to know stands in the connector's own form beside it."""

    factor = NumberFormField(
        label=_("Factor"),
        decimals=8,
        required=False,
        help_text=_("Source figure × factor = figure here. 1000 turns “Ribu Jiwa” into “Jiwa”. Empty means 1."),
    )
    years_back = WholeNumberFormField(
        label=_("years to fetch"),
        min_value=0,
        max_value=MOST_YEARS_BACK,
        initial=5,
        help_text=_("How many years back each pull asks for."),
    )
    interval = forms.TypedChoiceField(
        label=_("Pull"),
        choices=[(str(delta.total_seconds()), label) for delta, label in INTERVALS],
        coerce=lambda seconds: dt.timedelta(seconds=float(seconds)),
    )

    class Meta:
        model = Series
        fields = [
            "name",
            "unit",
            "source_unit",
            "factor",
            "code_system",
            "years_back",
            "interval",
            "is_population",
            "worst_side",
            "rse_series",
        ]
        help_texts = {
            "unit": _("The unit that the figures are kept and compared in."),
            "source_unit": _(
                "As the source writes it: Persen, Ribu Jiwa, … Empty when it is the same. It is checked at every pull."
            ),
            "code_system": _("Whose codes the source writes. The preview shows what each of them would give."),
        }

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.source = source
        self.initial["interval"] = str(self.instance.interval.total_seconds())
        self.fields["source_unit"].required = False
        connector = connector_for(source.kind)
        if connector.kind == "derived":
            for name in ("source_unit", "factor", "code_system", "years_back"):
                del self.fields[name]
        if not connector.needs_address:
            del self.fields["interval"]

    def clean_factor(self) -> Decimal:
        factor: Decimal | None = self.cleaned_data["factor"]
        if factor is None:
            return Decimal(1)
        if factor <= 0:
            raise forms.ValidationError(_("The factor must be larger than zero."))
        return factor

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        factor = data.get("factor")
        if factor is not None and factor != 1 and not data.get("source_unit"):
            self.add_error("source_unit", _("With a factor, say which unit the source writes."))
        if (
            factor == 1
            and data.get("source_unit")
            and data.get("unit")
            and data["source_unit"].lower() != data["unit"].lower()
        ):
            self.add_error("factor", _("The units differ: say by what a figure of the source is multiplied."))
        return data

    def to_series(self) -> Series:
        """As entered, not saved; how soon it is stale follows from how often it is pulled."""
        row: Series = self.instance
        interval = self.cleaned_data.get("interval")
        row.stale_after = STALE_AFTER_HANDED_IN if interval is None else interval * STALE_FACTOR
        return row


def query_form_of(connector: Connector, data: Mapping[str, Any] | None, query: Mapping[str, Any]) -> QueryForm:
    return connector.query_form(data, initial=dict(query), prefix="q")


class RegionsForm(forms.Form):
    """Each row of the source: the region it stands for, nothing yet, or left out on purpose."""

    def __init__(
        self, rows: Sequence[Mapping[str, Any]], mapped: Mapping[tuple[str, str], int | None], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        regions = list(Region.objects.province_and_regencies())
        choices = [("", _now("– not decided –")), (LEFT_OUT, _now("leave out"))]
        choices += [(str(region.pk), region.name) for region in regions]
        self.rows = []
        for number, row in enumerate(rows):
            key = (row["code"], row["label"])
            field = forms.ChoiceField(
                choices=choices,
                required=False,
                label=f"{row['code']} {row['label']}".strip(),
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )
            if key in mapped:
                initial = LEFT_OUT if mapped[key] is None else str(mapped[key])
            elif row["chosen"]:
                initial = str(row["chosen"])
            else:
                initial = LEFT_OUT if row["is_national"] else ""
            field.initial = initial
            self.fields[f"row{number}"] = field
            self.rows.append((row, key, f"row{number}"))

    def lines(self) -> list[tuple[Mapping[str, Any], Any]]:
        return [(row, self[name]) for row, _key, name in self.rows]

    def decisions(self, series: Series) -> list[RegionMapping]:
        found = []
        for row, (code, label), name in self.rows:
            value = self.cleaned_data[name]
            if not value:
                continue
            region = None if value == LEFT_OUT else int(value)
            by = row["by"] if region is not None and region == row["chosen"] else MappedBy.HAND
            found.append(
                RegionMapping(series=series, code=code[:100], label=label[:200], region_id=region, mapped_by=by)
            )
        return found


class HandInForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, XLS, CSV or JSON, at most 20 MB."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Save it in Excel and upload it again."),
        },
    )
    is_trial = forms.BooleanField(label=_("Only show what would come"), required=False)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 20 * 1024 * 1024:
            raise forms.ValidationError(_("The file is larger than 20 MB. Split it, for example by year."))
        return file


class VersionReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), min_length=5, max_length=300, help_text=_("It stays in the history of the series.")
    )


class YearsForm(forms.Form):
    """Another period than the series' own, for example to fetch earlier years once."""

    first_year = WholeNumberFormField(label=_("From year"), min_value=1945, max_value=2200, required=False)
    last_year = WholeNumberFormField(label=_("to year"), min_value=1945, max_value=2200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_year"), data.get("last_year")
        if (first is None) != (last is None):
            raise forms.ValidationError(_("Give both years, or neither."))
        if first is not None and last is not None and not 0 <= last - first <= MOST_YEARS_BACK:
            raise forms.ValidationError(_("The years run from the earlier to the later, at most 50 of them."))
        return data

    def years(self) -> tuple[int, int] | None:
        first = self.cleaned_data.get("first_year")
        return (first, self.cleaned_data["last_year"]) if first is not None else None
