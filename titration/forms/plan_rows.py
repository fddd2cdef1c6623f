"""Rows of the planner's form: one step written by hand, and one stay at a dose."""

from datetime import date
from typing import Any

from django import forms

from titration.domain.planning import Hold
from titration.domain.regimen import Regimen, TimeOfDay
from titration.forms.fields import DoseField, IsoDateField, WholeNumberField

MOST_ROWS, MOST_STAYS = 104, 24


class StepRowForm(forms.Form):
    """An empty dose is 0; an empty date is refused."""

    use_required_attribute = False
    on = IsoDateField(label="From")
    morning = DoseField(label="Morning", required=False)
    midday = DoseField(label="Midday", required=False)
    evening = DoseField(label="Evening", required=False)
    bedtime = DoseField(label="Bedtime", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.widget.attrs |= {"aria-label": f"{field.label}, step {self.number}", "class": f"row-{name}"}

    @property
    def number(self) -> int:
        """1 for the first row."""
        return int(str(self.prefix).removeprefix("row")) + 1

    @property
    def step(self) -> tuple[date, Regimen]:
        doses = {f"{time}_mcg": self.cleaned_data[time] or 0 for time in TimeOfDay}
        return self.cleaned_data["on"], Regimen(**doses)

    @property
    def first_error(self) -> str:
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class StayRowForm(forms.Form):
    """Some days longer at a daily total. A row without a total is no stay."""

    use_required_attribute = False
    at = DoseField(label="Stay longer at", required=False)
    days = WholeNumberField(label="For", required=False, least=1, most=366)

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)

    @property
    def number(self) -> int:
        """1 for the first row."""
        return int(str(self.prefix).removeprefix("stay")) + 1

    def clean(self) -> dict[str, Any] | None:
        is_typed = "at" in self.errors or self.cleaned_data.get("at") is not None
        if is_typed and "days" not in self.errors and self.cleaned_data.get("days") is None:
            self.add_error("days", "Write how many days longer, or leave the whole line empty.")
        return super().clean()

    @property
    def hold(self) -> Hold | None:
        """Of valid fields."""
        at_mcg = self.cleaned_data["at"]
        return None if at_mcg is None else Hold(at_mcg=at_mcg, days=self.cleaned_data["days"])

    @property
    def first_error(self) -> str:
        return next((str(error) for errors in self.errors.values() for error in errors), "")
