"""Columns of our own: whole micrograms, and text that both databases refuse alike.

SQLite would store a NUL character and any length, PostgreSQL neither; so length and NUL are checked by validators,
when a value is written, and by the database itself. The limit is part of the column, so no model can forget it.
Text is stored composed, without a character that cannot be seen; an older row that holds one is read with it marked.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinValueValidator, ProhibitNullCharactersValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from titration.domain.text import Hidden, line_of, marked, note_of
from titration.domain.units import RESOLUTION_MCG

NOTE_LENGTH = 2000


def validate_resolution(mcg: int) -> None:
    if mcg % RESOLUTION_MCG:
        raise ValidationError("Write the dose in steps of 0.1\u00a0mg.")


class MicrogramsField(models.IntegerField):
    """A dose in whole micrograms.

    The attribute is an int. The table's own constraints hold zero, the resolution and the ceiling.
    """

    default_validators = [MinValueValidator(0, "A dose is 0 or more."), validate_resolution]


class _BoundedText:
    """What the line and the note share: what can be seen, composed, never longer than max_length, whoever writes it."""

    max_length: int | None
    column: Any
    attname: str
    verbose_name: Any
    read: Callable[[str], str]

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)  # type: ignore[misc]
        return self._checked(text) if isinstance(text, str) else text

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        """The row in hand says what is stored."""
        value = super().pre_save(instance, add)  # type: ignore[misc]
        if isinstance(value, str):
            value = self._checked(value)
            setattr(instance, self.attname, value)
        return value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return value if not value or (value.isascii() and value.isprintable()) else marked(value)

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        column = connection.ops.quote_name(self.column)
        checks = [f"length({column}) <= {self.max_length}"]
        if connection.vendor == "sqlite":
            checks.append(f"instr(CAST({column} AS BLOB), x'00') = 0")
        return " AND ".join(checks)

    def _checked(self, text: str) -> str:
        if "\x00" in text:
            raise ValidationError(f"Remove the unprintable character from the {self.verbose_name}.")
        composed = self._seen(text)
        if self.max_length is not None and len(composed) > self.max_length:
            raise ValidationError(f"Shorten the {self.verbose_name} to {self.max_length} characters.")
        return composed

    def _seen(self, text: str) -> str:
        try:
            return type(self).read(text)
        except Hidden as hidden:
            raise ValidationError(hidden.sentence) from hidden


class LineField(_BoundedText, models.CharField):
    """One short line of text."""

    read = staticmethod(line_of)
    default_validators = [ProhibitNullCharactersValidator()]


class NoteField(_BoundedText, models.TextField):
    """A note of several lines, empty unless written."""

    read = staticmethod(note_of)

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", NOTE_LENGTH)
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(*args, **options)
        self.validators = [
            *self.validators,
            ProhibitNullCharactersValidator(),
            MaxLengthValidator(self.max_length or 0),
        ]


class SearchKeyField(LineField):
    """A folded copy of a name or an identifier that is searched by its beginning, by index on both databases."""


@SearchKeyField.register_lookup
class BeginsWith(models.Lookup):
    """`key__begins="mus"`: a range on SQLite, a LIKE on PostgreSQL, because each can use its index for that only."""

    lookup_name = "begins"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        text = str(self.rhs)
        if connection.vendor == "postgresql":
            return f"{column} LIKE %s", (*params, f"{_escaped(text)}%")
        return f"{column} >= %s AND {column} < %s", (*params, text, *params, text + "\U0010ffff")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
