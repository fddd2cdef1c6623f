"""The table of rules with their tests, `docs/rules.md`: counted from the boundary tables and the tests as they are.

`TITRATION_GOLDEN=write pytest tests/domain/test_table_of_rules.py` writes it anew.
"""

import os
import re
from pathlib import Path

from titration.domain.boundaries import load_boundaries
from titration.domain.findings import Severity
from titration.domain.guidance import RuleCard, load_guidance
from titration.domain.making_cases import MAKING, load_making_cases

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "docs" / "rules.md"
FILES = (
    *("withdrawal", "feel", "second_reading", "plan_rule", "stepping_back_for_sedation", "missed_and_signs"),
    *("titration", "sedation", "context_rules", "boundaries", "making_cases", "engine_properties"),
)
HEAD = """# Every rule with its tests

Counted from the tables and the tests themselves; a test keeps this page so. A boundary case is one row of the table on
the rule's own page: just below, at and just above each threshold, each level shift and each cap. Each is asked for its
level, and its whole finding is compared with the one that was reviewed. Beside them stand the files in `tests/domain`
that speak of the rule by its code; properties, published schedules and the second reading of W1 to W3 judge many rules
at once and are named in README.

| Rule | Name | Thresholds | Boundary cases | Silent | Info | Caution | High | Critical | Tests |
|---|---|---|---|---|---|---|---|---|---|
"""


def test_the_table_is_as_the_tests_are() -> None:
    written = HEAD + "".join(f"{row(card)}\n" for card in load_guidance().rules) + foot()
    if os.environ.get("TITRATION_GOLDEN") == "write":
        TABLE.write_text(written, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == written


def test_every_rule_has_boundary_cases_and_a_test_that_names_it() -> None:
    for card in load_guidance().rules:
        assert cases(card.code) >= 2
        assert naming_files(card.code), card.code


def row(card: RuleCard) -> str:
    counts = [len(card.thresholds), cases(card.code), *levels(card.code), ", ".join(naming_files(card.code))]
    cells = [card.code, card.name, *counts]
    return f"| {' | '.join(map(str, cells))} |"


def cases(code: str) -> int:
    return len(load_making_cases() if code == MAKING else load_boundaries(code))


def levels(code: str) -> list[object]:
    if code == MAKING:
        refused = sum(case.is_refused for case in load_making_cases())
        return [f"{cases(code) - refused} made", "", "", "", f"{refused} refused"]
    expected = [case.expected for case in load_boundaries(code)]
    return [expected.count(level) or "" for level in (None, *Severity)]


def foot() -> str:
    whole = sum(cases(card.code) for card in load_guidance().rules)
    return f"\n{len(load_guidance().rules)} rules, {whole} boundary cases.\n"


def naming_files(code: str) -> list[str]:
    """The files of rule tests that speak of the rule by its code."""
    folder = Path(__file__).parent
    return [name for name in FILES if re.search(rf"\b{code}\b", (folder / f"test_{name}.py").read_text("utf-8"))]
