"""Where the treatment stands, as it is said: ended, handed over, died, or under treatment again.

Only the fields of the chosen kind are read; the others may hold anything and are kept.
"""

from datetime import date
from typing import Any

from django import forms

from titration.domain.entries import TreatmentState
from titration.forms.doses import needs_comment, override_choices
from titration.forms.fields import MISSING, DoseField, IsoDateField, KeyedForm, NoteField, Radios, WordsField
from titration.models import Clinic
from titration.services.drafts import CriticalAnswer, TreatmentDraft

KIND_WORDS = {
    TreatmentState.ENDED: "Treatment ended",
    TreatmentState.MOVED: "Moved, or handed over to somebody else",
    TreatmentState.DIED: "Patient died",
    TreatmentState.UNDER_TREATMENT: "Under treatment again",
}
DAY_FIELDS = {
    TreatmentState.ENDED: "last_dose_on",
    TreatmentState.MOVED: "moved_on",
    TreatmentState.DIED: "died_on",
    TreatmentState.UNDER_TREATMENT: "again_on",
}
OF_KIND = {
    TreatmentState.ENDED: ("last_dose_on", "last_mg"),
    TreatmentState.MOVED: ("moved_on", "handed_to"),
    TreatmentState.DIED: ("died_on",),
    TreatmentState.UNDER_TREATMENT: ("again_on",),
}


class ClosableRadios(Radios):
    """closed: values that cannot be chosen; the sentence that says why stands with the legend."""

    closed: frozenset[str] | set[str] = frozenset()

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(*args, **options)
        if option["value"] in self.closed:
            option["attrs"]["disabled"] = True
        return option


class TreatmentForm(KeyedForm):
    """offered: the kinds that can follow on where the treatment stands; what else is sent is for the service to refuse,
    which knows whether the form was sent before. asks_why: a plan under way stops with it. closed: the kinds that take
    another right, and the sentence that says whose.
    """

    kind = forms.ChoiceField(
        label="What happened",
        widget=ClosableRadios,
        error_messages={"required": "Choose what happened."},
    )
    last_dose_on = IsoDateField(
        label="Last day with a dose", required=False, help_text="From the day after, 0 mg/day counts."
    )
    last_mg = DoseField(label="Taken on that day", required=False)
    moved_on = IsoDateField(
        label="First day elsewhere", required=False, help_text="From that day what is taken counts as not known."
    )
    handed_to = WordsField(
        label="Handed over to", required=False, max_length=200, help_text="The clinic, practice or person."
    )
    died_on = IsoDateField(label="Date of death", required=False)
    again_on = IsoDateField(
        label="Under treatment again from", required=False, help_text="No dose is prescribed until you save one."
    )
    why = NoteField(label="Why, or how this is known", max_length=2000)
    answer_reason = forms.ChoiceField(label="Reason", required=False)
    answer_comment = NoteField(label="Comment")
    answered_for = WordsField(required=False, max_length=64, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, error_messages=MISSING)

    def __init__(
        self,
        *args: Any,
        clinic: Clinic,
        offered: tuple[TreatmentState, ...],
        asks_why: bool,
        closed: frozenset[TreatmentState] = frozenset(),
        why_closed: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.offered = {kind.value for kind in offered}
        self.fields["kind"].choices = list(KIND_WORDS.items())  # type: ignore[attr-defined]
        self.fields["kind"].widget.choices = [(kind.value, KIND_WORDS[kind]) for kind in offered]
        if closed:
            self.fields["kind"].widget.closed = {kind.value for kind in closed}
            self.fields["kind"].help_text = why_closed
        self.fields["answer_reason"].choices = override_choices(clinic)  # type: ignore[attr-defined]
        if asks_why:
            self.fields["why"].help_text = "A plan is under way and stops with the treatment: say why."

    def _clean_fields(self) -> None:
        """Fields of kinds that were not chosen are not judged."""
        super()._clean_fields()  # type: ignore[misc]  # Django's own step, unknown to the stubs
        used = OF_KIND.get(self._kind, ()) if self._kind else ()
        unused = {name for names in OF_KIND.values() for name in names} - set(used)
        for name in unused & set(self.errors):
            del self.errors[name]

    @property
    def _kind(self) -> TreatmentState | None:
        kind = self.cleaned_data.get("kind")
        return TreatmentState(kind) if kind else None

    def clean_answer_comment(self) -> str:
        return needs_comment(self.cleaned_data.get("answer_reason"), self.cleaned_data["answer_comment"])

    @property
    def draft(self) -> TreatmentDraft:
        cleaned, kind = self.cleaned_data, TreatmentState(self.cleaned_data["kind"])
        day: date | None = cleaned[DAY_FIELDS[kind]]
        return TreatmentDraft(
            kind=kind, on=day, last_mcg=cleaned["last_mg"], handed_to=cleaned["handed_to"], why=cleaned["why"]
        )

    @property
    def answer(self) -> CriticalAnswer | None:
        reason = self.cleaned_data.get("answer_reason")
        if not reason:
            return None
        comment, digest = self.cleaned_data["answer_comment"], self.cleaned_data["answered_for"]
        return CriticalAnswer(reason=reason, comment=comment, answered_for=digest or None)

    def about(self, field: str) -> str:
        """The field that a refusal is about, by the name that the service knows it by."""
        kind = self._kind
        names = {"last_mcg": "last_mg", "on": DAY_FIELDS[kind] if kind else "kind"}
        return names.get(field, field)


def first_values(*, today: date, last_on: date | None, last_mcg: int | None, version: int) -> dict[str, Any]:
    return {"last_dose_on": last_on, "last_mg": last_mcg, "moved_on": today, "again_on": today, "version": version}
