"""The words of a reason for accepting a flag."""

from titration.forms.fields import KeyedForm, WordsField
from titration.services.reasons import LONGEST_WORDS


class ReasonForm(KeyedForm):
    words = WordsField(
        label="Reason", max_length=LONGEST_WORDS, error_messages={"required": "Write the reason in a few words."}
    )
