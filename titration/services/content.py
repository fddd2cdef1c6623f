"""What a form says, as one digest: dates, doses, words and rows, in an order that does not hang on how it was typed.

The clock is no content, nor is what of the record was seen when the form was shown.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import singledispatch
from typing import Any
from uuid import UUID

from django.db import models

NOT_CONTENT = frozenset({"actor", "key", "now", "version", "state_version", "answered_for", "replaces_seen", "ahead"})


def digest_of_content(content: Mapping[str, Any]) -> str:
    """The same for the same content, however it was typed."""
    text = json.dumps(_plain(content), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


@singledispatch
def _plain(value: Any) -> Any:
    """One way to write each value that a form can say. A kind of value that is not known here is a bug."""
    if is_dataclass(value) and not isinstance(value, type):
        said = {field.name: getattr(value, field.name) for field in fields(value)}
        return {"is": type(value).__name__, **_plain(said)}
    raise TypeError(f"No submission can hold a {type(value).__name__}.")


@_plain.register
def _(value: None) -> None:
    return value


@_plain.register(bool)
@_plain.register(int)
def _(value: int) -> int:
    return value


@_plain.register
def _(value: str) -> str:
    """Browsers send the line breaks of one text in different ways."""
    return value.replace("\r\n", "\n")


@_plain.register(Decimal)
@_plain.register(Fraction)
@_plain.register(UUID)
@_plain.register(date)
def _(value: Any) -> str:
    return str(value)


@_plain.register
def _(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


@_plain.register
def _(value: Enum) -> Any:
    return _plain(value.value)


@_plain.register
def _(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()


@_plain.register
def _(value: models.Model) -> list[str]:
    return [value._meta.model_name or "", str(value.pk)]


@_plain.register(list)
@_plain.register(tuple)
def _(value: Any) -> list[Any]:
    return [_plain(each) for each in value]


@_plain.register(set)
@_plain.register(frozenset)
def _(value: Any) -> list[Any]:
    return sorted(_plain(each) for each in value)


@_plain.register(Mapping)
def _(value: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): _plain(each) for name, each in value.items() if name not in NOT_CONTENT}
