"""A patient as typed: the person and the indication; for a new one also the regimen of today with since when.

Unknown is a choice, never a guess.
"""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from titration.domain.limits import STABLE_FOR_A_WHILE, span_words
from titration.domain.regimen import Regimen
from titration.domain.units import format_mg
from titration.domain.vocabulary import CONDITIONS, INDICATIONS
from titration.forms.doses import TIMES, RegimenFields, regimen_of
from titration.forms.fields import MISSING, IsoDateField, KeyedForm, Replaced, Ticks, WordsField
from titration.forms.reports import read_yes_no, yes_no
from titration.models import Membership, Patient, Sex
from titration.services.drafts import PatientDetails

_KILOGRAMS = re.compile(r"([0-9]{1,3})(?:\.([0-9]))?", re.ASCII)
NO_DOSES = "Write what is taken at each of the four times of day, 0 where nothing is taken."
_MONTHS = re.compile(r"[0-9]{1,4}", re.ASCII)
NOT_KNOWN = "unknown"
EVER_TREATED = (
    "Nothing is taken now. Write 0 if baclofen was never taken before, the months if it was, or \u201cunknown\u201d."
)


def _line(label: str, length: int, **options: Any) -> forms.CharField:
    return WordsField(label=label, max_length=length, error_messages=MISSING, **options)


class DetailsFields(KeyedForm):
    """What is on file about the person, whether new or known."""

    family_name = _line("Family name", 80)
    given_name = _line("Given name", 80)
    birth_date = IsoDateField(label="Date of birth")
    identifier = _line("Identifier in your clinic", 40)
    sex = forms.ChoiceField(label="Sex at birth", choices=Sex.choices, initial=Sex.UNKNOWN)
    weight_kg = Replaced(label="Weight", required=False, max_length=6)
    indication = forms.ChoiceField(
        choices=[
            ("", "Choose an indication"),
            *(
                (code, f"{each.words} ({'approved' if each.approved else 'off-label'})")
                for code, each in INDICATIONS.items()
            ),
        ],
        error_messages={"required": "Choose what baclofen is taken for."},
    )
    exposure_months = Replaced(
        label="Months on baclofen before that day",
        required=False,
        max_length=7,
        help_text="0: never before. Empty: not known.",
    )
    intrathecal_pump = yes_no("Intrathecal pump")

    def clean_weight_kg(self) -> int | None:
        """Grams."""
        text = self.cleaned_data["weight_kg"]
        if not text:
            return None
        match = _KILOGRAMS.fullmatch(text)
        if match is None:
            raise ValidationError("Write the weight in kg with at most one decimal, for example 72 or 72.5.")
        return int(match[1]) * 1000 + int(match[2] or 0) * 100

    def clean_exposure_months(self) -> int | None:
        text = self.cleaned_data["exposure_months"]
        if text == NOT_KNOWN:
            return None
        if text and not _MONTHS.fullmatch(text):
            raise ValidationError("Write whole months in digits, for example 6, or leave it empty.")
        return int(text) if text else None

    @property
    def person(self) -> dict[str, Any]:
        """The columns of PatientDetails that these fields fill."""
        cleaned = self.cleaned_data
        same = ("family_name", "given_name", "birth_date", "identifier", "indication", "sex", "exposure_months")
        return {
            **{name: cleaned[name] for name in same},
            "weight_g": cleaned["weight_kg"],
            "intrathecal_pump": read_yes_no(cleaned["intrathecal_pump"]),
        }


class PatientForm(RegimenFields, DetailsFields):
    since = IsoDateField(
        label="Taken so since",
        required=False,
        help_text=f"Empty: stable for a while; it counts from {span_words(STABLE_FOR_A_WHILE)} ago.",
    )
    conditions = forms.MultipleChoiceField(
        label="Conditions that matter",
        choices=list(CONDITIONS.items()),
        widget=Ticks,
        required=False,
    )

    field_order = [
        "family_name", "given_name", "birth_date", "identifier", "sex", "weight_kg", "indication", *TIMES, "since",
        "exposure_months", "conditions", "intrathecal_pump",
    ]  # fmt: skip

    def full_clean(self) -> None:
        super().full_clean()
        self._say_once_that_doses_are_missing()

    def _say_once_that_doses_are_missing(self) -> None:
        """Four empty doses are one thing to do; it is said at the first of them."""
        if self.is_bound and not any(str(self.data.get(time, "")).strip() for time in TIMES):
            for time in TIMES:
                self.errors.pop(time, None)
            self.add_error(TIMES[0], NO_DOSES)

    def clean(self) -> dict[str, Any]:
        """Where nothing is taken now, "not known" is no silent default: the size of the first dose hangs on it."""
        cleaned = super().clean() or self.cleaned_data
        regimen, asked = regimen_of(cleaned), self.data.get("exposure_months", "").strip()
        if regimen is not None and not regimen.daily_mcg and not asked:
            self.add_error("exposure_months", EVER_TREATED)
        return cleaned

    @property
    def regimen(self) -> Regimen:
        regimen = regimen_of(self.cleaned_data)
        assert regimen is not None  # noqa: S101 - a valid form has four doses
        return regimen

    @property
    def details(self) -> PatientDetails:
        return PatientDetails(**self.person, conditions=tuple(self.cleaned_data["conditions"]))


class DetailsForm(DetailsFields):
    """A patient on file, as seen at `version`. colleagues: who may be chosen as responsible."""

    responsible = forms.ChoiceField(label="Responsible clinician", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, colleagues: Sequence[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self._colleagues = {str(each.pk): each for each in colleagues}
        people = [(pk, each.user.full_name) for pk, each in self._colleagues.items()]
        self.fields["responsible"].choices = [("", "Nobody named"), *people]  # type: ignore[attr-defined]
        self.fields["exposure_months"].label = "Months on baclofen before this record"

    @property
    def details(self) -> PatientDetails:
        return PatientDetails(**self.person, responsible=self._colleagues.get(self.cleaned_data["responsible"]))


def details_initial(patient: Patient) -> dict[str, Any]:
    """What the form shows of a patient on file."""
    same = ("family_name", "given_name", "birth_date", "identifier", "indication", "sex", "version")
    return {
        **{name: getattr(patient, name) for name in same},
        "weight_kg": "" if patient.weight_g is None else format_mg(patient.weight_g),
        "exposure_months": "" if patient.exposure_months is None else str(patient.exposure_months),
        "intrathecal_pump": {True: "yes", False: "no", None: "unknown"}[patient.intrathecal_pump],
        "responsible": str(patient.responsible_id or ""),
    }
