"""The clinic's settings as typed -> ClinicSettings; the service says what is wrong with them."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from titration.domain.regimen import TimeOfDay
from titration.forms.fields import MISSING, KeyedForm, Radios, WordsField
from titration.models import LabelSet
from titration.services.clinic_settings import ClinicSettings

_LINE = 200
_EMERGENCY = 300


def _clock(time: TimeOfDay) -> forms.CharField:
    widget = forms.TextInput(attrs={"placeholder": "hour:minute", "autocomplete": "off", "inputmode": "numeric"})
    return WordsField(label=time.value.capitalize(), max_length=5, widget=widget, error_messages=MISSING)


class ClinicForm(KeyedForm):
    """version: the number of the change that this page was made from."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    telephone = WordsField(
        label="Telephone", max_length=40, error_messages=MISSING, help_text="Printed large on every page of the sheet."
    )
    hours = WordsField(
        label="Hours", max_length=_LINE, required=False, help_text="For example: Mon to Fri, 8:30 to 17:00."
    )
    out_of_hours = WordsField(
        label="Out of hours",
        max_length=_LINE,
        required=False,
        help_text="Whom to ring then, for example: other times 111.",
    )
    emergency_wording = WordsField(
        label="Emergency wording",
        max_length=_EMERGENCY,
        error_messages=MISSING,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="“Ring 999” is enough: the sheet names the signs. Begin with “Ring 999 if …” to print your own signs "
        "in their place. Anything else you write is added to them.",
    )
    morning = _clock(TimeOfDay.MORNING)
    midday = _clock(TimeOfDay.MIDDAY)
    evening = _clock(TimeOfDay.EVENING)
    bedtime = _clock(TimeOfDay.BEDTIME)
    time_zone = WordsField(
        label="Time zone",
        max_length=60,
        error_messages=MISSING,
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
        help_text="Where the clinic is, for example Europe/London. It decides when a day begins.",
    )
    label_set = forms.ChoiceField(
        label="Label set",
        choices=LabelSet.choices,
        widget=Radios,
        error_messages=MISSING,
        help_text="Whose labelled maximum the chart and the rules show.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})

    def settings(self) -> ClinicSettings:
        told = self.cleaned_data
        return ClinicSettings(
            telephone=told["telephone"],
            hours=told["hours"],
            out_of_hours=told["out_of_hours"],
            emergency_wording=told["emergency_wording"],
            clock_times={time.value: told[time.value] for time in TimeOfDay},
            time_zone=told["time_zone"],
            label_set=told["label_set"],
        )


def typed_from(settings: ClinicSettings, version: int) -> dict[str, Any]:
    """What the form shows of what is set."""
    plain = {name: getattr(settings, name) for name in ClinicForm.base_fields if hasattr(settings, name)}
    return {**plain, **settings.clock_times, "version": version}


def time_zones() -> list[str]:
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
