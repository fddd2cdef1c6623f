"""What was really taken, in the words of the person who says so, made into one report.

Only the fields of the chosen kind are read; the others may hold anything that was typed before and are kept.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms

from titration.domain.intake_span import END_OR_ON
from titration.domain.record import IntakeKind
from titration.domain.regimen import Regimen, TimeOfDay
from titration.forms.doses import TIMES, regimen_of
from titration.forms.fields import DoseField, IsoDateField, LocalDateTimeField, NoteField, PastForm, Radios, Ticks
from titration.services.drafts import IntakeDraft

KIND_WORDS = {
    IntakeKind.MISSED: "Missed doses",
    IntakeKind.RAN_OUT: "Ran out of tablets",
    IntakeKind.STOPPED: "Stopped on own account",
    IntakeKind.BY_TIME: "Other amounts by time of day",
    IntakeKind.DAILY_TOTAL: "Another daily total",
    IntakeKind.AS_PRESCRIBED: "As prescribed again",
    IntakeKind.UNKNOWN: "Not known",
}
TIME_WORDS = {time.value: time.value.capitalize() for time in TimeOfDay}


class IntakeForm(PastForm):
    """prescribed_on tells what was prescribed on a day: missed doses are counted out of it."""

    past_moments = ("last_dose_at",)
    span = ("starts_on", "ends_on")

    kind = forms.ChoiceField(
        label="What was taken",
        choices=[(kind.value, words) for kind, words in KIND_WORDS.items()],
        widget=Radios,
        error_messages={"required": "Choose what was taken."},
    )
    missed_times = forms.MultipleChoiceField(
        label="Missed", choices=list(TIME_WORDS.items()), widget=Ticks, required=False
    )
    morning = DoseField(required=False)
    midday = DoseField(required=False)
    evening = DoseField(required=False)
    bedtime = DoseField(required=False)
    daily = DoseField(label="Total a day", required=False)
    starts_on = IsoDateField(label="Since", help_text="The first day it was so.")
    ends_on = IsoDateField(label="Until", required=False, help_text="The last day it was so.")
    goes_on = forms.BooleanField(
        label="It goes on",
        required=False,
        help_text="Without it, missed doses and other amounts count up to the last day written, or for one day.",
    )
    last_dose_at = LocalDateTimeField(label="Last dose at", required=False)
    note = NoteField()

    def __init__(self, *args: Any, prescribed_on: Callable[[date], Regimen | None], **options: Any) -> None:
        super().__init__(*args, **options)
        self._prescribed_on = prescribed_on

    def _clean_fields(self) -> None:
        """Fields of kinds that were not chosen are not judged."""
        super()._clean_fields()  # type: ignore[misc]  # Django's own step, unknown to the stubs
        unused = {*TIMES, "daily", "missed_times"} - set(self._used_fields())
        for name in unused & set(self.errors):
            del self.errors[name]

    def _used_fields(self) -> tuple[str, ...]:
        used = {
            IntakeKind.BY_TIME.value: TIMES,
            IntakeKind.DAILY_TOTAL.value: ("daily",),
            IntakeKind.MISSED.value: ("missed_times",),
        }
        return used.get(str(self.cleaned_data.get("kind")), ())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind, starts_on = cleaned.get("kind"), cleaned.get("starts_on")
        if kind == IntakeKind.BY_TIME and not self.errors and regimen_of(cleaned) is None:
            self.add_error("morning", "Write what was taken at each time of day; write 0 for none.")
        if kind == IntakeKind.DAILY_TOTAL and not self.errors and cleaned.get("daily") is None:
            self.add_error("daily", "Write the total that was taken each day.")
        if kind == IntakeKind.MISSED and starts_on is not None:
            cleaned["missed_of"] = self._missed_of(starts_on, cleaned.get("missed_times", []))
        if cleaned.get("ends_on") is not None and cleaned.get("goes_on"):
            self.add_error("goes_on", END_OR_ON)
        return cleaned

    def _missed_of(self, starts_on: date, missed: list[str]) -> tuple[Regimen, int, int] | None:
        """What was still taken, how many doses were missed, how many were due."""
        prescribed = self._prescribed_on(starts_on)
        due = {time: mcg for time, mcg in zip(TIMES, prescribed.doses_mcg, strict=True) if mcg} if prescribed else {}
        if not due:
            self.add_error("kind", "No dose was prescribed on that day. Choose other amounts, or another day.")
        elif not missed:
            self.add_error("missed_times", "Tick which doses were missed.")
        elif not_due := [TIME_WORDS[time].lower() for time in missed if time not in due]:
            self.add_error("missed_times", f"No dose was due at {' and '.join(not_due)} on that day.")
        else:
            taken = [0 if time in missed else due.get(time, 0) for time in TIMES]
            return Regimen.of((taken[0], taken[1], taken[2], taken[3])), len(missed), len(due)
        return None

    @property
    def draft(self) -> IntakeDraft:
        cleaned, kind = self.cleaned_data, IntakeKind(self.cleaned_data["kind"])
        taken, missed, due = cleaned.get("missed_of") or (regimen_of(cleaned), None, None)
        return IntakeDraft(
            kind=kind,
            starts_on=cleaned["starts_on"],
            ends_on=cleaned["ends_on"],
            goes_on=cleaned["goes_on"],
            regimen=taken if kind in (IntakeKind.BY_TIME, IntakeKind.MISSED) else None,
            daily_mcg=cleaned["daily"] if kind is IntakeKind.DAILY_TOTAL else None,
            missed=missed,
            due=due,
            last_dose_at=cleaned["last_dose_at"],
            note=cleaned["note"],
        )
