"""As much of JSON Schema as our own schema uses; an unknown keyword is an error, so that nothing goes unchecked."""

import re
from collections.abc import Callable
from typing import Any

_TYPES: dict[str, type] = {
    "object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None),
}  # fmt: skip
_NOTES = {"$schema", "$id", "$defs", "title", "description"}


def check(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> None:
    """Raises AssertionError where the value is not as the schema says."""
    for keyword, said in schema.items():
        if keyword not in _NOTES:
            _CHECKS[keyword](value, said, schema, root)


def _type(value: Any, said: Any, *_: Any) -> None:
    names = [said] if isinstance(said, str) else said
    assert type(value) in [_TYPES[name] for name in names], f"{value!r} is no {said}"


def _reference(value: Any, said: Any, _: Any, root: dict[str, Any]) -> None:
    check(value, root["$defs"][said.removeprefix("#/$defs/")], root)


def _any_of(value: Any, said: Any, _: Any, root: dict[str, Any]) -> None:
    fits = [schema for schema in said if _fits(value, schema, root)]
    assert fits, f"{value!r} fits none of {said}"


def _fits(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    try:
        check(value, schema, root)
    except AssertionError:
        return False
    return True


def _properties(value: Any, said: Any, _: Any, root: dict[str, Any]) -> None:
    for name in value.keys() & said.keys():
        check(value[name], said[name], root)


def _items(value: Any, said: Any, _: Any, root: dict[str, Any]) -> None:
    for item in value:
        check(item, said, root)


def _required(value: Any, said: Any, *_: Any) -> None:
    assert set(said) <= set(value), set(said) - set(value)


def _closed(value: Any, said: Any, schema: dict[str, Any], _: Any) -> None:
    assert said is False
    assert set(value) <= set(schema["properties"]), set(value) - set(schema["properties"])


def _one_of_these(value: Any, said: Any, *_: Any) -> None:
    assert value in said, value


def _exactly(value: Any, said: Any, *_: Any) -> None:
    assert value == said, value


def _pattern(value: Any, said: Any, *_: Any) -> None:
    assert re.search(said, value), f"{value!r} is not {said}"


_CHECKS: dict[str, Callable[..., None]] = {
    "type": _type,
    "$ref": _reference,
    "anyOf": _any_of,
    "properties": _properties,
    "items": _items,
    "required": _required,
    "additionalProperties": _closed,
    "enum": _one_of_these,
    "const": _exactly,
    "pattern": _pattern,
}
