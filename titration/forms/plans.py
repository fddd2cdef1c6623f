"""What is said when a plan is signed, held, re-dated, stepped back or stopped."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from titration.domain.planning.presets import load_limits
from titration.forms.fields import IsoDateField, KeyedForm, NoteField, WholeNumberField, WordsField


class SeenForm(KeyedForm):
    """An act on a plan as it was seen: its state and the number of that state."""

    state_version = WordsField(widget=forms.HiddenInput, max_length=9)
    seen_state = WordsField(widget=forms.HiddenInput, max_length=12, required=False)

    def clean_state_version(self) -> int:
        text = self.cleaned_data["state_version"]
        if not (text.isascii() and text.isdigit()):
            raise ValidationError("Reload the page before you save.")
        return int(text)


class SignForm(SeenForm):
    """The answer to high and critical findings; the reasons are the clinic's and the guidance's. answered_for: the
    digest of those that were shown. replaces_seen: which plans were shown to be replaced.
    """

    answered_for = WordsField(required=False, max_length=64, widget=forms.HiddenInput)
    replaces_seen = WordsField(required=False, max_length=400, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label="Reason", required=False)
    comment = NoteField(label="Comment")

    def __init__(self, *args: Any, reasons: Mapping[str, str], is_asked: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].choices = [("", "Choose a reason"), *reasons.items()]  # type: ignore[attr-defined]
        self.fields["reason"].required = is_asked
        self.fields["reason"].error_messages["required"] = "Choose a reason: high and critical findings are answered."
        self.is_asked = is_asked


class WhyForm(SeenForm):
    """Stop: why."""

    why = NoteField(label="Why", required=True, max_length=500, error_messages={"required": "Say why in a few words."})


class HoldForm(SeenForm):
    """Hold: from which day, and why. The day may be looked at before a reason is given."""

    held_on = IsoDateField(label="Held from")
    why = NoteField(label="Why", max_length=500)


class RedateForm(SignForm):
    """Go on with the remaining steps: from when, at which pace. shown: the hash of the steps that were shown."""

    first_on = IsoDateField(label="Next step on")
    pace = forms.ChoiceField(
        label="Pace",
        choices=[("1", "Gaps as planned"), ("3/2", "Gaps half as long again"), ("2", "Gaps twice as long")],
    )
    why = NoteField(label="Why", max_length=500)
    shown = WordsField(required=False, max_length=64, widget=forms.HiddenInput)


class StepBackForm(SignForm):
    """Back by one step, from a day, and the days of stability before the new try."""

    on = IsoDateField(label="Back from")
    stable_days = WholeNumberField(label="Stable days before the next try", least=load_limits().stable_days, most=366)
    why = NoteField(label="Why", max_length=500)
    shown = WordsField(required=False, max_length=64, widget=forms.HiddenInput)


KEEP, MOVE_UP = "keep", "move_up"


class SkipForm(SignForm):
    """The step to leave out, and whether the later ones keep their days."""

    step = forms.ChoiceField(label="Step to skip", error_messages={"required": "Choose the step to leave out."})
    then = forms.ChoiceField(
        label="The steps after it",
        choices=[(KEEP, "Keep their days: the dose before is taken longer"), (MOVE_UP, "Move up by one step")],
    )
    why = NoteField(label="Why", max_length=500)
    shown = WordsField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, steps: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["step"].choices = steps  # type: ignore[attr-defined]


FIELD_WORDS = {
    name: str(field.label)
    for form in (HoldForm, RedateForm, StepBackForm, SkipForm)
    for name, field in form.base_fields.items()
    if field.label
}
"""What each question of an act is called."""

CHOICE_WORDS = {
    (name, str(value)): str(words)
    for form in (RedateForm, SkipForm)
    for name, field in form.base_fields.items()
    if isinstance(field, forms.ChoiceField)
    for value, words in cast("Iterable[tuple[str, str]]", field.choices)
}
"""What each fixed choice of such a question says, by question and value."""
