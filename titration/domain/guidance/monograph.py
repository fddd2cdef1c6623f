"""The founding monograph, point by point in our own words, and what the rules do not see.

A point says what the monograph states and where the product does it; rules name theirs by section. The text stands in
`monograph.toml` and `unseen.toml`; nothing here decides.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class MonographPoint:
    """One of the 35 points: what is stated, where the product does it, and the codes of the rules that rest on it."""

    number: int
    section: str
    says: str
    here: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonographSection:
    """The points of one section, in the order of the monograph; slug is its place on the page."""

    title: str
    slug: str
    points: tuple[MonographPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Something that no rule looks at, and what that means."""

    what: str
    meaning: str


@cache
def load_points() -> tuple[MonographPoint, ...]:
    """All points in the order of their numbers."""
    return tuple(
        MonographPoint(**{**entry, "rules": tuple(entry.get("rules", ()))})
        for entry in _read("monograph.toml")["point"]
    )


@cache
def load_sections() -> tuple[MonographSection, ...]:
    """The points by section, each section once."""
    return tuple(
        MonographSection(title=title, slug=_slug(title), points=tuple(points))
        for title, points in groupby(load_points(), key=lambda point: point.section)
    )


def points_of_rule(code: str) -> tuple[MonographPoint, ...]:
    """The points that a rule rests on."""
    return tuple(point for point in load_points() if code in point.rules)


@cache
def load_unseen() -> tuple[Unseen, ...]:
    """What the rules of this version do not see."""
    return tuple(Unseen(**entry) for entry in _read("unseen.toml")["unseen"])


def _slug(title: str) -> str:
    return "-".join(_words(title))


def _words(title: str) -> Iterable[str]:
    plain = "".join(mark if mark.isalnum() else " " for mark in title.replace("'", "").lower())
    return plain.split()


def _read(file_name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(file_name).read_text(encoding="utf-8"))
