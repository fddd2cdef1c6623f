"""What is asked of the planner: a way with its size and pace, perhaps a second pace, stays, an order over the day.

The form speaks in presets and in the clinic's templates: each way fills in its own size and pace, and shows only the
fields that it uses. Steps by hand and stays are rows of their own, so that a row may be added or removed without a
script.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from titration.domain.planning import (
    DoseOrder,
    Hold,
    Phase,
    PlanRequest,
    TemplateOrigin,
    WayDown,
    WayUp,
)
from titration.domain.planning.templates import PlanTemplate, request_from
from titration.domain.products import Product
from titration.domain.record import PlanKind
from titration.domain.regimen import Regimen
from titration.domain.units import show_mg_per_day
from titration.forms.fields import DoseField, IsoDateField, KeyedForm, Replaced, WholeNumberField, WordsField
from titration.forms.plan_rows import MOST_ROWS, MOST_STAYS, StayRowForm, StepRowForm
from titration.forms.ways import (
    KINDS,
    ONE_PACE,
    ORDERS,
    SECOND_USES,
    SECOND_WAYS,
    fields_used,
    has_one_pace,
    second_way,
    template_of,
    way_of,
    ways_of,
)


class PercentField(Replaced):
    """A share above 0 and below 100 in ASCII digits -> Fraction; empty is None."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        if not (text.isascii() and text.replace(".", "", 1).isdigit() and 0 < Fraction(text) < 100):
            raise ValidationError("Write the share as a number above 0 and below 100, for example 10.")
        return Fraction(text)


class PlanForm(KeyedForm):
    """One drawing. `rows` are the steps by hand, which count only when the way is by hand; `stays` count else."""

    kind = forms.ChoiceField(label="Plan", choices=KINDS, widget=forms.RadioSelect)
    first_step_on = IsoDateField(label="First step")
    target = DoseField(label="Target")
    way = forms.ChoiceField(label="Way", widget=forms.RadioSelect)
    step = DoseField(label="Each step", required=False)
    percent = PercentField(label="Each step", required=False, max_length=6)
    step_days = WholeNumberField(label="Every", required=False, least=1, most=366)
    days = WholeNumberField(label="Over", required=False, least=1, most=366)
    second = forms.ChoiceField(label="Second pace", required=False)
    change_at = DoseField(label="It begins at", required=False)
    second_step = DoseField(label="Then each step", required=False)
    second_percent = PercentField(label="Then each step", required=False, max_length=6)
    second_step_days = WholeNumberField(label="Then every", required=False, least=1, most=366)
    order = forms.ChoiceField(label="Which time of day first", required=False)
    products = forms.MultipleChoiceField(
        label="Tablets to use",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one product that the patient will use."},
    )
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)
    drawn_way = WordsField(required=False, max_length=60, widget=forms.HiddenInput)
    rows = WholeNumberField(required=False, least=0, most=MOST_ROWS, widget=forms.HiddenInput)
    stays = WholeNumberField(required=False, least=0, most=MOST_STAYS, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, offered: Iterable[Product], templates: Sequence[PlanTemplate] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.offered, self.templates = {each.code: each for each in offered}, templates
        self.plan_kind = PlanKind(self._typed("kind", {kind for kind, _ in KINDS}, PlanKind.TAPER.value))
        self._offer("way", ways_of(self.plan_kind, templates))
        self._offer("second", SECOND_WAYS[self.plan_kind])
        self._offer("order", ORDERS[self.plan_kind])
        self._offer("products", [(each.code, each.name) for each in self.offered.values()])
        ways = self.fields["way"].choices  # type: ignore[attr-defined]
        self.way_code = self._typed("way", {code for code, _ in ways}, ways[0][0])
        self.second_code = self._typed("second", {code for code, _ in SECOND_WAYS[self.plan_kind]}, ONE_PACE)
        self.fields["way"].label = "Way down" if self.plan_kind is PlanKind.TAPER else "Way up"
        rows, stays = self._count("rows", MOST_ROWS), max(self._count("stays", MOST_STAYS), 1)
        self.step_rows = [StepRowForm(self._row_data(), prefix=f"row{place}") for place in range(rows)]
        self.stay_rows = [StayRowForm(self._row_data(), prefix=f"stay{place}") for place in range(stays)]

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _typed(self, name: str, known: set[str], otherwise: str) -> str:
        typed = str((self.data if self.is_bound else self.initial).get(name) or "")
        return typed if typed in known else otherwise

    def _count(self, name: str, most: int) -> int:
        typed = str((self.data if self.is_bound else self.initial).get(name) or "")
        known = typed.isascii() and typed.isdigit() and len(typed) < 6
        return min(int(typed), most) if known else 0

    def _row_data(self) -> Any:
        return self.data if self.is_bound else self.initial

    @property
    def is_by_hand(self) -> bool:
        return way_of(self.way_code, self.templates) in (WayDown.BY_HAND, WayUp.BY_HAND)

    @property
    def shown(self) -> tuple[str, ...]:
        return fields_used(self.way_code, self.templates)

    @property
    def may_change_pace(self) -> bool:
        return has_one_pace(self.way_code, self.templates)

    @property
    def second_shown(self) -> tuple[str, ...]:
        """The fields of the second pace; none where the plan has one."""
        if not self.may_change_pace or self.second_code == ONE_PACE:
            return ()
        return ("change_at", *SECOND_USES[self.second_code], "second_step_days")

    @property
    def template(self) -> PlanTemplate | None:
        return template_of(self.way_code, self.templates)

    def clean(self) -> dict[str, Any] | None:
        valid = [row.is_valid() for row in self.step_rows]  # all of them, so that each shows its own error
        if self.is_by_hand and not all(valid):
            raise ValidationError("Check the steps: each needs a date and its doses.")
        self._need(self.second_shown)
        if "days" in self.shown and not self._has("days"):
            self.add_error("days", "Write over how many days the taper goes.")
        if not self.is_by_hand:
            self._check_stays()
        return super().clean()

    def _check_stays(self) -> None:
        """Each with its number, because only the drawing is shown anew while somebody types."""
        seen: set[int] = set()
        for row in self.stay_rows:
            hold = row.hold if row.is_valid() else None
            if not row.is_valid():
                self.add_error(None, f"Stay {row.number}: {row.first_error}")
            elif hold is not None and hold.at_mcg in seen:
                self.add_error(
                    None, f"Stay {row.number}: {show_mg_per_day(hold.at_mcg)} stands above already. Add its days there."
                )
            elif hold is not None:
                seen.add(hold.at_mcg)

    def _has(self, name: str) -> bool:
        return name in self.errors or self.cleaned_data.get(name) is not None

    def _need(self, names: Sequence[str]) -> None:
        for name in names:
            if not self._has(name):
                self.add_error(name, "Fill this in, or leave the whole line empty.")

    def plan_request(self, start: Regimen) -> PlanRequest:
        """What is asked, from what the form holds; only fields that the way uses count."""
        said = self.cleaned_data
        used = {name: said[name] for name in self.shown}
        request = PlanRequest(
            kind=self.plan_kind,
            start=start,
            first_step_on=said["first_step_on"],
            target_mcg=said["target"],
            products=tuple(self.offered[code] for code in said["products"]),
            way=way_of(self.way_code, self.templates),
            step_mcg=used.get("step"),
            percent=used.get("percent"),
            step_days=used.get("step_days"),
            days=used.get("days"),
            by_hand=tuple(row.step for row in self.step_rows) if self.is_by_hand else (),
            holds=self._holds(),
            order=DoseOrder(said["order"] or DoseOrder.EVENLY),
        )
        if self.second_shown:
            request = self._with_second_pace(request)
        return replace(request, origin=self._origin(request))

    def _holds(self) -> tuple[Hold, ...]:
        if self.is_by_hand:
            return ()
        return tuple(hold for row in self.stay_rows if (hold := row.hold) is not None)

    def _with_second_pace(self, request: PlanRequest) -> PlanRequest:
        said = self.cleaned_data
        names = ("step_mcg", "percent", "step_days")
        first = Phase(until_mcg=said["change_at"], way=request.way, **{name: getattr(request, name) for name in names})
        used = {name: said[name] for name in self.second_shown}
        second = Phase(
            until_mcg=request.target_mcg,
            way=second_way(self.plan_kind, self.second_code),
            step_mcg=used.get("second_step"),
            percent=used.get("second_percent"),
            step_days=used["second_step_days"],
        )
        return replace(request, phases=(first, second), step_mcg=None, percent=None, step_days=None)

    def _origin(self, request: PlanRequest) -> TemplateOrigin | None:
        """The template, and whether anything that it fills in was asked for otherwise."""
        template = self.template
        if template is None:
            return None
        products = tuple(self.offered[code] for code in template.product_codes if code in self.offered)
        as_saved = request_from(template, request.start, request.first_step_on, products or request.products)
        same = replace(request, products=as_saved.products) == as_saved
        same = same and set(request.products) == set(as_saved.products)
        return TemplateOrigin(id=template.id, version=template.version, name=template.name, is_changed=not same)
