"""A chart model as plain lists and dicts for `json_script`.

Named tuples become lists, so that a line of points stays short; dataclasses become dicts. A number that is not finite
is refused, because browsers cannot read NaN.
"""

import math
from dataclasses import fields, is_dataclass

_PLAIN = (bool, int, str)

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None


def as_plain(value: object) -> Json:
    """The value as JSON-able data. Raises TypeError for what a chart does not hold, ValueError for NaN."""
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, tuple | list):
        return [as_plain(part) for part in value]
    if is_dataclass(value):
        return {field.name: as_plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"a chart holds no {type(value).__name__}")


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("a chart holds finite numbers only")
    return number
