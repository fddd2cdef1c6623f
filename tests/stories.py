"""The six synthetic patients of the demo, for every test that wants a whole course; and their case files.

`python -m tests.stories` writes tests/cases/*.json anew.
"""

import json
from datetime import date
from pathlib import Path

from titration.demo.acts import Story
from titration.demo.case_files import case_file
from titration.demo.record import drafted_steps, record_of
from titration.demo.stories import (
    ASHDOWN,
    DUARTE,
    HARBOUR_PATIENT,
    MARLOWE,
    NOVAK,
    OTHERS,
    PRYCE,
    STORIES,
    TANAKA,
)

__all__ = [
    "ASHDOWN", "CASES", "DUARTE", "HARBOUR_PATIENT", "MARLOWE", "NOVAK", "OTHERS", "PRYCE", "STORIES", "TANAKA",
    "TODAY", "case_path", "case_text", "drafted_steps", "record_of",
]  # fmt: skip

TODAY = date(2026, 11, 13)
CASES = Path(__file__).parent / "cases"


def case_path(story: Story) -> Path:
    return CASES / f"{story.slug}.json"


def case_text(story: Story) -> str:
    """One line a field, so that a change shows as a change of that field."""
    fields = case_file(story, TODAY).items()
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in fields) + "\n}\n"


if __name__ == "__main__":
    CASES.mkdir(exist_ok=True)
    for each in STORIES:
        case_path(each).write_text(case_text(each), encoding="utf-8")
