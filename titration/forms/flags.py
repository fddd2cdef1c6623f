"""Answers to a flag, and the reason of a correction."""

from typing import Any

from django import forms

from titration.forms.doses import needs_comment, override_choices
from titration.forms.fields import IsoDateField, KeyedForm, NoteField
from titration.models import Clinic


class AcceptForm(KeyedForm):
    """state_version is the one that was shown: somebody else's answer in between is a conflict."""

    reason = forms.ChoiceField(error_messages={"required": "Choose a reason."})
    comment = NoteField()
    expires_on = IsoDateField(label="Accepted until")
    state_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, clinic: Clinic, **options: Any) -> None:
        super().__init__(*args, **options)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)  # noqa: S101 - narrows the type for the checker
        reason.choices = override_choices(clinic)

    def clean_comment(self) -> str:
        return needs_comment(self.cleaned_data.get("reason"), self.cleaned_data["comment"])


class ContactForm(KeyedForm):
    text = NoteField(
        label="Who was contacted, and what was said",
        required=True,
        error_messages={"required": "Write in a few words who was contacted and what was said."},
    )


class ErrorForm(KeyedForm):
    """Why an entry does not count. enter_again: the dose that it superseded is entered again; a button says so."""

    enter_again = forms.BooleanField(required=False)
    reason = NoteField(
        label="What is wrong with it",
        required=True,
        max_length=500,
        error_messages={"required": "Say what is wrong with this entry."},
    )
