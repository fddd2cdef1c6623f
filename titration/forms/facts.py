"""The facts that the rules use, as typed: one small form a kind, and how each is ended or completed.

Amounts are ASCII digits with at most one decimal; nothing is guessed.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from titration.domain.products import PRODUCTS, Product
from titration.domain.vocabulary import COMEDICATIONS, CONDITIONS, INTERRUPTIONS
from titration.forms.fields import IsoDateField, KeyedForm, NoteField, Replaced

_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,4})(?:\.([0-9]))?", re.ASCII)
_CHOOSE = {"required": "Choose one from the list."}


class AmountField(Replaced):
    """Digits with at most one decimal -> Fraction."""

    def __init__(self, *, example: str, **options: Any) -> None:
        self._sentence = f"Write a number in digits with at most one decimal, for example {example}."
        super().__init__(max_length=8, error_messages={"required": self._sentence}, **options)

    def clean(self, value: Any) -> Any:
        match = _AMOUNT.fullmatch(super().clean(value).strip(" "))
        if match is None:
            raise ValidationError(self._sentence)
        return Fraction(int(match[1]) * 10 + int(match[2] or 0), 10)


def _choice(label: str, first: str, words: dict[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", first), *words.items()], error_messages=_CHOOSE)


class ConditionForm(KeyedForm):
    code = _choice("Condition", "Choose a condition", CONDITIONS)
    since = IsoDateField(label="Since", required=False, help_text="Empty: not known.")
    note = NoteField()


class MedicineForm(KeyedForm):
    code = _choice("Class of medicine", "Choose a class", COMEDICATIONS)
    since = IsoDateField(label="Since", required=False, help_text="Empty: not known.")
    note = NoteField(help_text="The name of the medicine, if it matters.")


class KidneyForm(KeyedForm):
    egfr = AmountField(label="eGFR", example="74")
    on = IsoDateField(label="Reading of", help_text="The day on which blood was taken.")
    note = NoteField()


class InterruptionForm(KeyedForm):
    code = _choice("What is planned", "Choose what is planned", INTERRUPTIONS)
    first_on = IsoDateField(label="From")
    last_on = IsoDateField(label="Until", required=False, help_text="Empty: not known.")
    note = NoteField(
        label="How baclofen goes on",
        help_text="Form or route, and who sees to it. Without it the interruption is flagged two weeks ahead.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", "Check the dates: the end is before the beginning.")
        return cleaned


class DispensingForm(KeyedForm):
    product = _choice("Product", "Choose a product", {code: each.words for code, each in PRODUCTS.items()})
    quantity = AmountField(label="Quantity", example="84", help_text="Tablets, or mL of a liquid.")
    on = IsoDateField(label="Dispensed on")
    note = NoteField()

    def offer(self, known: Mapping[str, Product]) -> None:
        """The catalogue with the clinic's own products."""
        words = {code: each.words if code in PRODUCTS else each.name for code, each in known.items()}
        self.fields["product"].choices = [("", "Choose a product"), *words.items()]  # type: ignore[attr-defined]


class EndForm(KeyedForm):
    until = IsoDateField(label="Until")


class ContinuityForm(KeyedForm):
    note = NoteField(
        label="How baclofen goes on",
        required=True,
        error_messages={"required": "Write how baclofen goes on: by which form or route, and who sees to it."},
    )
