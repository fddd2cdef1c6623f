"""What is asked of the planner, and what is said when a plan is signed, held, re-dated, stepped back or stopped.

The planner's form speaks in presets: each way fills in its own size and pace, and shows only the fields that it uses.
Steps by hand are rows of their own, so that a row may be added or removed without a script.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString

from titration.domain.planning import PRESETS, PlanDraft, PlanRequest, WayDown, WayUp
from titration.domain.planning.presets import load_limits
from titration.domain.products import PRODUCTS, Product
from titration.domain.record import PlanKind
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import format_mg
from titration.forms.fields import DoseField, IsoDateField, KeyedForm, NoteField
from titration.forms.plan_rows import MOST_ROWS, StepRowForm

BY_HAND = {PlanKind.TAPER: WayDown.BY_HAND, PlanKind.TITRATION: WayUp.BY_HAND}
KINDS = [(PlanKind.TAPER.value, "Taper"), (PlanKind.TITRATION.value, "Titration")]
CITED = {
    "two_weeks": "labels, when exposure is not long",
    "three_weeks": "Swiss label, long exposure",
    "weekly_5mg": "convention, no known source",
    "proportional_weekly": "by analogy, not baclofen data",
    "proportional_two_weeks": "by analogy, not baclofen data",
    "labelled_us": "US label",
    "weekly_up": "NHS Scotland, brain injury",
    "equal_up": "our design choice",
    "equal": "our design choice",
}
SIZED, SHARED = ("step", "step_days"), ("percent", "step_days")
USES: Mapping[WayDown | WayUp, tuple[str, ...]] = {
    WayDown.EQUAL: SIZED,
    WayUp.EQUAL: SIZED,
    WayDown.PROPORTIONAL: SHARED,
}


class WholeNumberField(forms.CharField):
    """ASCII digits -> int. Empty is None when not required."""

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        self.least, self.most = least, most
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(max_length=6, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and self.least <= int(text) <= self.most):
            raise ValidationError(f"Write a whole number from {self.least} to {self.most}.")
        return int(text)


def ways_of(kind: PlanKind) -> list[tuple[str, SafeString]]:
    """The presets of a kind with their citation, and by hand at the end."""
    fitting = [preset for preset in PRESETS.values() if preset.is_taper == (kind is PlanKind.TAPER)]
    chosen = [(preset.code, _with_note(preset.title, CITED.get(preset.code, preset.source))) for preset in fitting]
    return [*chosen, (BY_HAND[kind].value, _with_note("By hand", "every step is yours"))]


def _with_note(words: str, note: str) -> SafeString:
    return format_html("{}<small>{}</small>", words, note)


def way_of(code: str) -> WayDown | WayUp:
    """The way that a choice stands for: its preset's, or by hand."""
    preset = PRESETS.get(code)
    if preset is not None:
        return preset.way
    return WayDown.BY_HAND if code == WayDown.BY_HAND.value else WayUp.BY_HAND


def fields_used(code: str) -> tuple[str, ...]:
    preset = PRESETS.get(code)
    return USES.get(preset.way, ()) if preset else ()


def preset_texts(code: str) -> dict[str, str]:
    """Size and pace of a preset as typed text."""
    preset = PRESETS.get(code)
    if preset is None:
        return {"step": "", "percent": "", "step_days": ""}
    return {
        "step": format_mg(preset.step_mcg) if preset.step_mcg else "",
        "percent": str(preset.percent or ""),
        "step_days": str(preset.step_days or ""),
    }


class PlanForm(KeyedForm):
    """One drawing. `rows` are the steps by hand; they count only when the way is by hand."""

    kind = forms.ChoiceField(label="Plan", choices=KINDS, widget=forms.RadioSelect)
    first_step_on = IsoDateField(label="First step")
    target = DoseField(label="Target")
    way = forms.ChoiceField(label="Way", widget=forms.RadioSelect)
    step = DoseField(label="Each step", required=False)
    percent = forms.CharField(label="Each step", required=False, max_length=6)
    step_days = WholeNumberField(label="Every", required=False, least=1, most=366)
    products = forms.MultipleChoiceField(
        label="Tablets to use",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one product that the patient will use."},
    )
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)
    drawn_way = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    rows = WholeNumberField(required=False, least=0, most=MOST_ROWS, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offered: Iterable[Product], **options: Any) -> None:
        super().__init__(*args, **options)
        self.plan_kind = PlanKind(self._typed("kind", {kind for kind, _ in KINDS}, PlanKind.TAPER.value))
        choices = ways_of(self.plan_kind)
        self.way_code = self._typed("way", {code for code, _ in choices}, choices[0][0])
        way, products = self.fields["way"], self.fields["products"]
        way.choices = choices  # type: ignore[attr-defined]
        way.label = "Way down" if self.plan_kind is PlanKind.TAPER else "Way up"
        products.choices = [(each.code, each.name) for each in offered]  # type: ignore[attr-defined]
        self.step_rows = [StepRowForm(self._row_data(), prefix=f"row{place}") for place in range(self._row_count())]

    def _typed(self, name: str, known: set[str], otherwise: str) -> str:
        typed = str((self.data if self.is_bound else self.initial).get(name) or "")
        return typed if typed in known else otherwise

    def _row_count(self) -> int:
        typed = str((self.data if self.is_bound else self.initial).get("rows") or "")
        known = typed.isascii() and typed.isdigit() and len(typed) < 6
        return min(int(typed), MOST_ROWS) if known else 0

    def _row_data(self) -> Any:
        return self.data if self.is_bound else self.initial

    @property
    def is_by_hand(self) -> bool:
        return self.way_code not in PRESETS

    @property
    def shown(self) -> tuple[str, ...]:
        return fields_used(self.way_code)

    def clean_percent(self) -> Fraction | None:
        text = self.cleaned_data["percent"].strip()
        if not text or "percent" not in self.shown:
            return None
        if not (text.isascii() and text.replace(".", "", 1).isdigit() and 0 < Fraction(text) < 100):
            raise ValidationError("Write the share as a number above 0 and below 100, for example 10.")
        return Fraction(text)

    def clean(self) -> dict[str, Any] | None:
        valid = [row.is_valid() for row in self.step_rows]  # all of them, so that each shows its own error
        if self.is_by_hand and not all(valid):
            raise ValidationError("Check the steps: each needs a date and its doses.")
        return super().clean()

    def plan_request(self, start: Regimen) -> PlanRequest:
        """What is asked, from what the form holds; only fields that the way uses count."""
        said = self.cleaned_data
        used = {name: said[name] for name in self.shown}
        return PlanRequest(
            kind=self.plan_kind,
            start=start,
            first_step_on=said["first_step_on"],
            target_mcg=said["target"],
            products=tuple(PRODUCTS[code] for code in said["products"]),
            way=way_of(self.way_code),
            step_mcg=used.get("step"),
            percent=used.get("percent"),
            step_days=used.get("step_days"),
            by_hand=tuple(row.step for row in self.step_rows) if self.is_by_hand else (),
        )


def row_texts(steps: Iterable[tuple[date, Regimen]]) -> dict[str, str]:
    """Steps as the texts of rows by hand."""
    texts: dict[str, str] = {}
    place = -1
    for place, (starts_on, regimen) in enumerate(steps):
        texts[f"row{place}-on"] = starts_on.isoformat()
        for time, mcg in zip(TimeOfDay, regimen.doses_mcg, strict=True):
            texts[f"row{place}-{time}"] = format_mg(mcg)
    return {**texts, "rows": str(place + 1)}


def texts_of(draft: PlanDraft) -> dict[str, str]:
    """A drawn plan as steps by hand."""
    kind = draft.request.kind
    return {**row_texts(draft.planned), "way": BY_HAND[kind].value, "drawn_way": BY_HAND[kind].value}


class SeenForm(KeyedForm):
    """An act on a plan as it was seen: its state and the number of that state."""

    state_version = forms.CharField(widget=forms.HiddenInput, max_length=9)
    seen_state = forms.CharField(widget=forms.HiddenInput, max_length=12, required=False)

    def clean_state_version(self) -> int:
        text = self.cleaned_data["state_version"]
        if not (text.isascii() and text.isdigit()):
            raise ValidationError("Reload the page before you save.")
        return int(text)


class SignForm(SeenForm):
    """The answer to high and critical findings; the reasons are the clinic's and the guidance's. answered_for: the
    digest of those that were shown.
    """

    answered_for = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label="Reason", required=False)
    comment = NoteField(label="Comment")

    def __init__(self, *args: Any, reasons: Mapping[str, str], is_asked: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].choices = [("", "Choose a reason"), *reasons.items()]  # type: ignore[attr-defined]
        self.fields["reason"].required = is_asked
        self.fields["reason"].error_messages["required"] = "Choose a reason: high and critical findings are answered."
        self.is_asked = is_asked


class WhyForm(SeenForm):
    """Hold or stop: why."""

    why = NoteField(label="Why", required=True, max_length=500, error_messages={"required": "Say why in a few words."})


class RedateForm(SignForm):
    """Go on with the remaining steps: from when, at which pace. shown: the hash of the steps that were shown."""

    first_on = IsoDateField(label="Next step on")
    pace = forms.ChoiceField(
        label="Pace",
        choices=[("1", "Gaps as planned"), ("3/2", "Gaps half as long again"), ("2", "Gaps twice as long")],
    )
    why = NoteField(label="Why", max_length=500)
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class StepBackForm(SignForm):
    """Back by one step, from a day, and the days of stability before the new try."""

    on = IsoDateField(label="Back from")
    stable_days = WholeNumberField(label="Stable days before the next try", least=load_limits().stable_days, most=366)
    why = NoteField(label="Why", max_length=500)
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
