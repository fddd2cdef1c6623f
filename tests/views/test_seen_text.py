"""What a person writes is stored composed, and nothing in it that cannot be seen: columns and fields of forms."""

import unicodedata
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.urls import reverse

from tests.factories import make_patient
from tests.views.plan_acts import SignIn
from tests.views.test_given_twice import forms_of_the_product
from titration.domain.text import Hidden, isolated, line_of, marked, note_of
from titration.fields import LineField, NoteField
from titration.forms.fields import WordsField
from titration.models import Membership, Patient

HIDDEN = {
    "a variant of a letter that has none": "\ufe0f",
    "a control of music": "\U0001d173",
    "a control of shorthand": "\U0001bca0",
    "right to left": "\u202e", "isolate": "\u2066", "mark": "\u200f", "escape": "\x1b", "zero width": "\u200b",
    "no-break": "\ufeff", "filler": "\u3164", "tag": "\U000e0041", "damaged": "\ufffd", "line": "\u2028", "nul": "\x00",
}  # fmt: skip
# Columns that hold no words of a person.
NO_WORDS = {
    "Flag.fingerprint": "codes and numbers of the rules",
    "SharedValue.cache_key": "digests",
    "SharedValue.value": "packed values",
    "User.password": "a hash",
    "Session.session_key": "random",
    "Session.session_data": "packed values",
    "User.email": "an address, by its own rule",
    "Invitation.email": "an address, by its own rule",
}
# Fields that read no words: digits, dates, keys and digests, each strict in itself; or passwords, as they were typed.
STRICT = {
    "DayInWordsField", "Replaced", "DoseField", "IsoDateField", "LocalDateTimeField", "WholeNumberField", "KeyField",
    "EmailField", "AmountField", "PercentField", "UUIDField",
}  # fmt: skip


@pytest.mark.parametrize("letter", HIDDEN.values(), ids=HIDDEN)
def test_a_character_that_cannot_be_seen_is_refused_with_a_sentence(letter: str) -> None:
    for read in (line_of, note_of):
        with pytest.raises(Hidden, match="Remove the character that cannot be seen after “Ash”"):
            read(f"Ash{letter}down")


@pytest.mark.parametrize(
    "text",
    ["Ashdown", "O’Neill-Müller", "نیم‌فاصله", "क्‍ष", "דוד", "محمد", "李", "👩‍⚕️", "❤\ufe0f", "½ tablet", "a b", ""],
)
def test_names_of_every_script_are_stored_as_typed(text: str) -> None:
    assert line_of(text) == unicodedata.normalize("NFC", text)


def test_letters_are_stored_composed_and_lines_are_kept_in_notes_alone() -> None:
    assert line_of("Jose\u0301") == "Jos\u00e9"
    assert note_of("a\r\n\tb") == "a\r\n\tb"
    with pytest.raises(Hidden):
        line_of("a\nb")


def test_a_joiner_stands_between_letters_that_join_alone() -> None:
    for text in ("\u200cAsh", "Ash\u200ddown", "Ash\u200c", "د\u200c\u200cو"):
        with pytest.raises(Hidden):
            line_of(text)


def test_a_name_of_nothing_that_can_be_seen_is_refused() -> None:
    for text in ("\ufe0f", "\u2800", "\U0001d173", "\u115f\u200b"):
        with pytest.raises(Hidden):
            line_of(text)


def test_words_that_run_from_right_to_left_are_isolated() -> None:
    assert isolated("محمد") == "\u2068محمد\u2069"
    assert isolated("Ashdown") == "Ashdown"


def _columns() -> list[Any]:
    own = apps.get_app_config("titration").get_models()
    return [
        each
        for model in own
        for each in model._meta.local_fields
        if isinstance(each, models.CharField | models.TextField)
    ]


@pytest.mark.parametrize("column", _columns(), ids=lambda each: f"{each.model.__name__}.{each.name}")
def test_every_column_of_text_keeps_the_rule(column: Any) -> None:
    """A new column of text is a LineField or a NoteField, or says here why it holds no words."""
    if f"{column.model.__name__}.{column.name}" in NO_WORDS:
        return
    assert isinstance(column, LineField | NoteField)
    assert column.get_prep_value("e\u0301") == "\u00e9"
    with pytest.raises(ValidationError):
        column.get_prep_value("x\u202ey")


@pytest.mark.parametrize(
    "field",
    [(form, name) for form in forms_of_the_product() for name in form.base_fields],
    ids=lambda each: f"{each[0].__name__}.{each[1]}",
)
def test_every_field_of_words_keeps_the_rule(field: Any) -> None:
    form, name = field
    asked = form.base_fields[name]
    if not isinstance(asked, forms.CharField) or type(asked).__name__ in STRICT or form.__module__.endswith("sign_in"):
        return
    if form.__name__ == "UploadForm":
        return  # A table, of which each cell is read by the import.
    assert isinstance(asked, WordsField)


def test_a_name_that_turns_the_line_is_refused_in_the_form(as_member: SignIn, alice: Membership) -> None:
    answer = as_member(alice).post(reverse("new_patient"), {"family_name": "Ash\u202edown"})
    assert answer.status_code == 422
    assert "Remove the character that cannot be seen after “Ash” (U+202E)" in answer.content.decode()


def test_two_ways_to_write_one_letter_are_one_name(as_member: SignIn, alice: Membership) -> None:
    patient = make_patient(alice, family_name="Jose\u0301")
    assert Patient.objects.get(pk=patient.pk).family_name == patient.family_name == "Jos\u00e9"
    for typed in ("Jos\u00e9", "Jose\u0301"):
        assert (
            "Jos\u00e9" in as_member(alice).post(reverse("find_patients"), {"q": typed}, follow=True).content.decode()
        )


def test_an_older_row_is_shown_with_what_cannot_be_seen_marked(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE titration_patient SET family_name = %s WHERE id = %s", ["Ash\u202edown", patient.pk])
    page = as_member(alice).get(reverse("patient", args=[patient.public_id])).content.decode()
    assert "Ash[U+202E]down" in page
    assert "\u202e" not in page
    assert marked("a\u200b") == "a[U+200B]"


def test_a_name_from_right_to_left_leaves_the_words_around_it_in_their_order(
    as_member: SignIn, alice: Membership
) -> None:
    patient = make_patient(alice, family_name="\u05d3\u05d5\u05d3")
    page = as_member(alice).get(reverse("patient", args=[patient.public_id])).content.decode()
    assert page.count(f"<bdi>{patient.name}</bdi>") == 2
