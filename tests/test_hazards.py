"""The hazard log names only tests that exist, and each hazard has a control that is tested."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FEWEST_HAZARDS = 15
_HAZARDS = re.split(r"(?m)^## ", (ROOT / "docs" / "hazards.md").read_text())[1:]
_NODE = re.compile(r"`(tests/[^`]+)`")


def controls(hazard: str) -> list[str]:
    return [node for line in hazard.splitlines() if line.startswith("- Control:") for node in _NODE.findall(line)]


@cache
def names_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("hazard", _HAZARDS, ids=lambda text: text[:3])
def test_a_hazard_has_cause_effect_and_tested_controls(hazard: str) -> None:
    assert "- Cause:" in hazard
    assert "- Effect:" in hazard
    assert len(controls(hazard)) >= 2


@pytest.mark.parametrize("node", sorted({node for hazard in _HAZARDS for node in controls(hazard)}))
def test_a_control_is_proved_by_a_test_that_exists(node: str) -> None:
    file, _, name = node.partition("::")
    assert (ROOT / file).is_file(), file
    assert not name or name in names_in(file), f"{name} is gone: mend the control, or find the test that proves it now"


def test_every_control_names_its_test() -> None:
    lines = [line for hazard in _HAZARDS for line in hazard.splitlines() if line.startswith("- Control:")]
    assert [line for line in lines if not _NODE.search(line)] == []


def test_hazards_are_numbered_without_a_gap_and_claim_no_certification() -> None:
    numbers = [hazard[:3] for hazard in _HAZARDS]
    assert numbers == [f"H{number:02}" for number in range(1, len(numbers) + 1)]
    assert len(numbers) >= FEWEST_HAZARDS
    assert "claims no certification" in (ROOT / "docs" / "hazards.md").read_text()
