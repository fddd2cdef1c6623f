"""A review as typed: when it is due, how it is held and what for; and the day on which it was done."""

from django import forms

from titration.forms.fields import IsoDateField, KeyedForm, NoteField, WordsField

WAYS = {"clinic": "In the clinic", "telephone": "By telephone"}


class ReviewForm(KeyedForm):
    due_on = IsoDateField(label="Due on")
    how = forms.ChoiceField(
        label="How", choices=list(WAYS.items()), error_messages={"required": "Choose how the review is held."}
    )
    purpose = WordsField(
        label="What for", required=False, max_length=200, help_text="In one line, as the worklist shows it."
    )


class ReviewDoneForm(KeyedForm):
    done_on = IsoDateField(label="Done on")


class ReviewErrorForm(KeyedForm):
    reason = NoteField(
        label="Why it was planned by mistake",
        required=True,
        max_length=500,
        error_messages={"required": "Say why the review was planned by mistake."},
    )
