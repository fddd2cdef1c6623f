"""Reports as typed: sedation, adverse effects, withdrawal signs, response scores. Codes in one tap each."""

from typing import Any

from django import forms

from titration.domain.record import SymptomList
from titration.domain.regimen import TimeOfDay
from titration.domain.vocabulary import (
    ADVERSE_EFFECTS,
    SCORE_SCALES,
    SCORE_VALUES,
    SEDATION_GRADES,
    SYMPTOM_SEVERITIES,
    WITHDRAWAL_SEVERITY,
    WITHDRAWAL_SIGNS,
)
from titration.forms.fields import (
    IsoDateField,
    KeyedForm,
    LocalDateTimeField,
    NoteField,
    PastForm,
    Radios,
    Ticks,
    WordsField,
)
from titration.services.drafts import ScoresDraft, SedationDraft, SymptomsDraft

SOURCES = {"patient": "Patient", "carer": "Carer", "clinician": "Clinician"}
SPEAKS_FOR_ITSELF = "patient"
HARD_TO_ROUSE = 3
YES_NO_UNKNOWN = [("unknown", "Not known"), ("yes", "Yes"), ("no", "No")]
_ANSWERS = {"yes": True, "no": False}
AT_LEAST_ONE = {"required": "Tick at least one."}
SIGN_GROUPS = {
    severity: [(code, words) for code, words in WITHDRAWAL_SIGNS.items() if WITHDRAWAL_SEVERITY[code] == severity]
    for severity in SYMPTOM_SEVERITIES
}
SCORE_LABELS = {
    "spasticity": "Spasticity, 0 to 10",
    "pain": "Pain, 0 to 10",
    "penn": "Spasm frequency, 0 to 4",
    "ashworth": "Tone on passive movement, 0 to 4",
}


def yes_no(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=YES_NO_UNKNOWN, initial="unknown", required=False)


def read_yes_no(answer: str) -> bool | None:
    return _ANSWERS.get(answer)


class SedationForm(PastForm):
    past_moments = ("at",)
    grade = forms.TypedChoiceField(
        label="Sedation",
        choices=[(grade, f"{grade}  {words}") for grade, words in SEDATION_GRADES.items()],
        coerce=int,
        widget=Radios,
        error_messages={"required": "Choose a grade from 0 to 4."},
    )
    at = LocalDateTimeField(label="When")
    time_of_day = forms.ChoiceField(
        label="Time of day",
        choices=[("", "Not said"), *((time.value, time.value.capitalize()) for time in TimeOfDay)],
        required=False,
    )
    source = forms.ChoiceField(
        label="Who says so",
        choices=[("", "Choose who says so"), *SOURCES.items()],
        required=False,
        help_text="Grades 0 to 2: the patient, if nobody is chosen.",
    )
    falls = yes_no("Falls")
    driving_affected = yes_no("Driving affected")
    note = NoteField()

    def clean(self) -> dict[str, Any]:
        """Who is hard to rouse does not report it: from that grade on somebody else is named, never assumed."""
        cleaned = super().clean()
        grade = cleaned.get("grade")
        if not cleaned.get("source") and "source" not in self.errors:
            if grade is not None and grade >= HARD_TO_ROUSE:
                self.add_error("source", "Choose who says so: grades 3 and 4 are told by somebody who has seen it.")
            cleaned["source"] = SPEAKS_FOR_ITSELF
        return cleaned

    @property
    def draft(self) -> SedationDraft:
        cleaned = self.cleaned_data
        return SedationDraft(
            at=cleaned["at"],
            grade=cleaned["grade"],
            source=cleaned["source"],
            time_of_day=cleaned["time_of_day"],
            falls=read_yes_no(cleaned["falls"]),
            driving_affected=read_yes_no(cleaned["driving_affected"]),
            note=cleaned["note"],
        )


class EffectsForm(PastForm):
    span = ("onset_on", "ended_on")
    codes = forms.MultipleChoiceField(
        label="Effects",
        choices=list(ADVERSE_EFFECTS.items()),
        widget=Ticks,
        error_messages=AT_LEAST_ONE,
    )
    other_text = WordsField(label="Other effect", required=False, max_length=200)
    severity = forms.ChoiceField(
        label="Severity", choices=[(code, words.capitalize()) for code, words in SYMPTOM_SEVERITIES.items()]
    )
    onset_on = IsoDateField(label="Since")
    ended_on = IsoDateField(label="Until", required=False, help_text="Empty: it goes on.")
    note = NoteField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        named, ticked = bool(cleaned.get("other_text", "").strip()), "other" in cleaned.get("codes", ())
        if ticked and not named:
            self.add_error("other_text", "Say in a few words what the other effect is.")
        if named and not ticked and "codes" in cleaned:
            self.add_error("codes", "Tick \u201cOther\u201d for the effect you have written, or clear its text.")
        return cleaned

    @property
    def draft(self) -> SymptomsDraft:
        cleaned = self.cleaned_data
        return SymptomsDraft(
            symptom_list=SymptomList.ADVERSE_EFFECT,
            codes=tuple(cleaned["codes"]),
            severity=cleaned["severity"],
            onset_on=cleaned["onset_on"],
            ended_on=cleaned["ended_on"],
            other_text=cleaned["other_text"],
            note=cleaned["note"],
        )


class SignsForm(PastForm):
    span = ("onset_on", "ended_on")
    codes = forms.MultipleChoiceField(
        label="Withdrawal signs",
        choices=list(WITHDRAWAL_SIGNS.items()),
        widget=Ticks,
        error_messages=AT_LEAST_ONE,
    )
    onset_on = IsoDateField(label="Since")
    ended_on = IsoDateField(label="Until", required=False, help_text="Empty: it goes on.")
    note = NoteField()

    @property
    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Mild, moderate, severe: each with its checkboxes as (id, code, words, ticked)."""
        ticked = set(self["codes"].value() or ())
        return [
            (
                severity,
                [
                    {"id": f"id_codes_{code}", "code": code, "words": words, "is_ticked": code in ticked}
                    for code, words in signs
                ],
            )
            for severity, signs in SIGN_GROUPS.items()
        ]

    @property
    def draft(self) -> SymptomsDraft:
        cleaned = self.cleaned_data
        return SymptomsDraft(
            symptom_list=SymptomList.WITHDRAWAL_SIGN,
            codes=tuple(cleaned["codes"]),
            severities={code: WITHDRAWAL_SEVERITY[code] for code in cleaned["codes"]},
            onset_on=cleaned["onset_on"],
            ended_on=cleaned["ended_on"],
            note=cleaned["note"],
        )


class EndedForm(KeyedForm):
    ended_on = IsoDateField(label="Ended on", help_text="The last day it was so.")


def _score(scale: str) -> forms.ChoiceField:
    choices = [("", "Not asked"), *((value, value) for value in SCORE_VALUES[scale])]
    return forms.ChoiceField(label=SCORE_LABELS[scale], choices=choices, required=False)


class ScoresForm(PastForm):
    """Any of the scores, at least one."""

    past_moments = ("at",)

    spasticity = _score("spasticity")
    pain = _score("pain")
    penn = _score("penn")
    ashworth = _score("ashworth")
    at = LocalDateTimeField(label="When")
    note = NoteField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any(cleaned.get(scale) for scale in SCORE_SCALES) and not any(
            scale in self.errors for scale in SCORE_SCALES
        ):
            self.add_error("spasticity", "Write at least one score.")
        return cleaned

    @property
    def draft(self) -> ScoresDraft:
        values = {scale: self.cleaned_data[scale] for scale in SCORE_SCALES if self.cleaned_data[scale]}
        return ScoresDraft(at=self.cleaned_data["at"], values=values, note=self.cleaned_data["note"])
