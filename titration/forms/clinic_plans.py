"""What an administrator says of the clinic's plans: a template with its paces, the products to offer, one of its own.

A pace is a size in mg or a share in per cent, and the days between two steps; which of the two is typed says its way.
Instead of a pace a taper may have a length: even steps over so many days.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from django import forms

from titration.domain.planning import DoseOrder, Phase, WayDown, WayUp
from titration.domain.planning.templates import PlanTemplate
from titration.domain.products import Product, ProductForm
from titration.domain.record import PlanKind
from titration.domain.units import format_mg
from titration.forms.fields import DoseField, KeyedForm, NoteField, WholeNumberField, WordsField
from titration.forms.planner import PercentField
from titration.forms.ways import KINDS, ORDERS

NAME_LENGTH, SOURCE_LENGTH = 80, 200
MOST_DAYS = 366
_ONE_OF = {
    "step": "Write mg for equal steps, a share of the dose, or over how many days the taper goes; one of them.",
    "second_step": "Write mg for equal steps, or a share of the dose; one of the two.",
}
_PACES = ("step", "percent", "step_days"), ("second_step", "second_percent", "second_step_days")


class TemplateForm(KeyedForm):
    """One version of a template. version: the one that was seen, 0 for a new template."""

    version = WholeNumberField(required=False, least=0, most=99_999, widget=forms.HiddenInput)
    name = WordsField(label="Name", max_length=NAME_LENGTH, error_messages={"required": "Write a name."})
    kind = forms.ChoiceField(label="Plan", choices=KINDS, widget=forms.RadioSelect)
    step = DoseField(label="Each step", required=False)
    percent = PercentField(label="Or a share of the dose", required=False, max_length=6)
    step_days = WholeNumberField(label="Every", required=False, least=1, most=MOST_DAYS)
    days = WholeNumberField(label="Or the whole taper over", required=False, least=1, most=MOST_DAYS)
    change_at = DoseField(label="Second pace begins at", required=False)
    second_step = DoseField(label="Each step", required=False)
    second_percent = PercentField(label="Or a share of the dose", required=False, max_length=6)
    second_step_days = WholeNumberField(label="Every", required=False, least=1, most=MOST_DAYS)
    target = DoseField(label="Target")
    order = forms.ChoiceField(label="Which time of day first", choices=ORDERS[PlanKind.TITRATION])
    products = forms.MultipleChoiceField(
        label="Tablets to use",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: as chosen in the plan.",
    )
    source = WordsField(
        label="Source",
        max_length=SOURCE_LENGTH,
        help_text="Where this pace comes from, for example the clinic's protocol and its date.",
        error_messages={"required": "Write where this pace comes from."},
    )
    note = NoteField(label="Note")

    def __init__(self, *args: Any, offered: Iterable[Product], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["products"].choices = [(each.code, each.name) for each in offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        if self._has_length:
            self._check_length()
        else:
            self._check_pace(*_PACES[0])
        if self._has_second and not self._has_length:
            if self.cleaned_data.get("change_at") is None:
                self.add_error("change_at", "Write the dose at which the second pace begins.")
            self._check_pace(*_PACES[1])
        return super().clean()

    @property
    def _has_second(self) -> bool:
        return any(map(self._is_typed, ("change_at", *_PACES[1])))

    @property
    def _has_length(self) -> bool:
        return self._is_typed("days")

    def _is_typed(self, name: str) -> bool:
        return name in self.errors or self.cleaned_data.get(name) is not None

    def _check_length(self) -> None:
        """Days of the whole taper stand alone: a size, a pace or a second one would say something else."""
        for name in (*_PACES[0], "change_at", *_PACES[1]):
            if name not in self.errors and self.cleaned_data.get(name) is not None:
                self.add_error(name, "Leave this empty where the whole taper goes over a number of days.")
        if self.cleaned_data.get("kind") == PlanKind.TITRATION.value:
            self.add_error("days", "A titration has steps of a size: write mg, and the days between two steps.")

    def _check_pace(self, step: str, percent: str, days: str) -> None:
        if {step, percent, days} & set(self.errors):
            return
        said = self.cleaned_data
        if (said.get(step) is None) == (said.get(percent) is None):
            self.add_error(step, _ONE_OF[step])
        if said.get(days) is None:
            self.add_error(days, "Write how many days lie between two steps: 1 or more.")

    def template(self, template_id: str) -> PlanTemplate:
        """What is asked to be saved, from valid fields. template_id: "" for a new one."""
        said, kind = self.cleaned_data, PlanKind(self.cleaned_data["kind"])
        return PlanTemplate(
            id=template_id,
            version=said["version"] or 0,
            name=" ".join(said["name"].split()),
            kind=kind,
            phases=self._phases(kind),
            product_codes=tuple(said["products"]),
            order=DoseOrder(said["order"]),
            note=said["note"],
            source=" ".join(said["source"].split()),
        )

    def _phases(self, kind: PlanKind) -> tuple[Phase, ...]:
        said = self.cleaned_data
        if self._has_length:
            return (Phase(until_mcg=said["target"], way=WayDown.OVER_DAYS, days=said["days"]),)
        untils = (said["change_at"], said["target"]) if self._has_second else (said["target"],)
        return tuple(self._phase(kind, until, names) for until, names in zip(untils, _PACES, strict=False))

    def _phase(self, kind: PlanKind, until_mcg: int, names: Sequence[str]) -> Phase:
        step_mcg, percent, step_days = (self.cleaned_data[name] for name in names)
        return Phase(
            until_mcg=until_mcg, way=_way(kind, percent), step_mcg=step_mcg, percent=percent, step_days=step_days
        )


def _way(kind: PlanKind, percent: Fraction | None) -> WayDown | WayUp:
    if percent is not None:
        return WayDown.PROPORTIONAL
    return WayDown.EQUAL if kind is PlanKind.TAPER else WayUp.EQUAL


def template_initial(template: PlanTemplate) -> dict[str, Any]:
    """A template as the form's first values."""
    values: dict[str, Any] = {
        "version": template.version,
        "name": template.name,
        "kind": template.kind.value,
        "target": format_mg(template.target_mcg),
        "order": template.order.value,
        "products": list(template.product_codes),
        "source": template.source,
        "note": template.note,
        "days": template.phases[0].days,
    }
    for phase, names in zip(template.phases, _PACES, strict=False):
        step = None if phase.step_mcg is None else format_mg(phase.step_mcg)
        values |= dict(zip(names, (step, phase.percent, phase.step_days), strict=True))
    return values | ({"change_at": format_mg(template.phases[0].until_mcg)} if len(template.phases) > 1 else {})


class ProductsForm(KeyedForm):
    """Which products are offered in plans."""

    products = forms.MultipleChoiceField(
        label="Offered in plans",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one product: without any, no plan could be drawn."},
    )

    def __init__(self, *args: Any, known: Iterable[Product], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["products"].choices = [(each.code, each.name) for each in known]  # type: ignore[attr-defined]


class OwnProductForm(KeyedForm):
    """One product more. Its volume is asked of a liquid alone."""

    name = WordsField(label="Name", max_length=NAME_LENGTH, error_messages={"required": "Write a name."})
    form = forms.ChoiceField(
        label="Form",
        choices=[
            (ProductForm.TABLET.value, "Tablet"),
            (ProductForm.LIQUID.value, "Liquid"),
            (ProductForm.GRANULES.value, "Granules in packets"),
        ],
    )
    strength = DoseField(label="Strength")
    volume = DoseField(label="In (a liquid)", required=False)
    may_be_halved = forms.BooleanField(label="May be halved", required=False)
    source = WordsField(
        label="Where strength and splitting are stated",
        max_length=SOURCE_LENGTH,
        error_messages={"required": "Write where strength and splitting are stated, for example the packet."},
    )

    def product(self) -> dict[str, Any]:
        """As `add_product` takes it, from valid fields."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "form": ProductForm(said["form"]),
            "strength_mcg": said["strength"],
            "volume_ul": said["volume"] or 0,
            "parts": 2 if said["may_be_halved"] else 1,
            "source": said["source"],
        }
