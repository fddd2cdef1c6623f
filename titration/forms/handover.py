"""Since when the hand-over looks back, as typed: a day before today. It is sent, never written into an address."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from titration.domain.days import show_full_day
from titration.forms.fields import IsoDateField


class SinceForm(forms.Form):
    use_required_attribute = False
    since = IsoDateField(label="Since")

    def __init__(self, *args: Any, latest: date, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self._latest = latest

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since > self._latest:
            raise ValidationError(f"Choose {show_full_day(self._latest)} or an earlier day.")
        return since
