"""One step written by hand: from a date, four doses."""

from datetime import date
from typing import Any

from django import forms

from titration.domain.regimen import Regimen, TimeOfDay
from titration.forms.fields import DoseField, IsoDateField

MOST_ROWS = 104


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
