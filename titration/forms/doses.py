"""A dose change as typed: from a date, mg by time of day, a reason; and the answer to a high or critical finding.

The preview reads the same form, so what is shown is what would be saved.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.vocabulary import DOSE_REASONS
from titration.forms.fields import DayInWordsField, DoseField, KeyedForm, NoteField, WordsField
from titration.models import Clinic
from titration.services.drafts import CriticalAnswer

TIMES = tuple(time.value for time in TimeOfDay)
CHOOSE = [("", "Choose a reason")]


class RegimenFields(forms.Form):
    """Four doses, all asked for: a time of day without a dose is written as 0."""

    morning = DoseField()
    midday = DoseField()
    evening = DoseField()
    bedtime = DoseField()


def regimen_of(cleaned: dict[str, Any]) -> Regimen | None:
    """The regimen of four readable doses, None while one of them is not."""
    doses = [cleaned.get(time) for time in TIMES]
    known = [mcg for mcg in doses if mcg is not None]
    return Regimen.of((known[0], known[1], known[2], known[3])) if len(known) == len(TIMES) else None


def regimen_initial(regimen: Regimen | None) -> dict[str, int]:
    return dict(zip(TIMES, regimen.doses_mcg, strict=True)) if regimen else {}


class DoseForm(RegimenFields, KeyedForm):
    starts_on = DayInWordsField(label="From")
    reason = forms.ChoiceField(
        choices=[*CHOOSE, *DOSE_REASONS.items()], error_messages={"required": "Choose why the dose changes."}
    )
    note = NoteField()
    backdate_reason = WordsField(
        label="Why it is entered late",
        required=False,
        max_length=500,
        help_text="Needed where the date is in the past.",
    )
    answered_for = WordsField(required=False, max_length=2000, widget=forms.HiddenInput)
    answer_reason = forms.ChoiceField(label="Reason to go on", required=False)
    answer_comment = NoteField(label="Comment")

    field_order = ["starts_on", *TIMES, "reason", "note", "backdate_reason"]

    def __init__(self, *args: Any, clinic: Clinic, **options: Any) -> None:
        super().__init__(*args, **options)
        answer = self.fields["answer_reason"]
        assert isinstance(answer, forms.ChoiceField)  # noqa: S101 - narrows the type for the checker
        answer.choices = override_choices(clinic)

    @property
    def regimen(self) -> Regimen | None:
        return regimen_of(getattr(self, "cleaned_data", {}))

    @property
    def answer(self) -> CriticalAnswer | None:
        reason = self.cleaned_data.get("answer_reason")
        if not reason:
            return None
        said = self.cleaned_data
        return CriticalAnswer(reason=reason, comment=said["answer_comment"], answered_for=said["answered_for"])

    def clean_answer_comment(self) -> str:
        return needs_comment(self.cleaned_data.get("answer_reason"), self.cleaned_data["answer_comment"])


def override_choices(clinic: Clinic) -> list[tuple[str, str]]:
    """The clinic's own reasons where it has set them, else the guidance's."""
    return [*CHOOSE, *clinic.active_reasons.items()]


def needs_comment(reason: str | None, comment: str) -> str:
    if reason == "other" and not comment.strip():
        raise ValidationError("Say in a few words what the other reason is.")
    return comment
