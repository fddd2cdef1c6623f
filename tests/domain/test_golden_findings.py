"""Each boundary case's finding whole: dates, values, evidence, thresholds, trigger and words, as they were reviewed.

`TITRATION_GOLDEN=write pytest tests/domain/test_golden_findings.py` writes the files anew; then read the difference.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.domain.courses import GUIDANCE
from titration.domain.assess import assess
from titration.domain.boundaries import BoundaryCase, load_boundaries
from titration.domain.findings import Assessment, Finding
from titration.domain.rules import RULES
from titration.domain.wording import say, say_undecided

GOLDEN = Path(__file__).parent / "golden"


def told(case: BoundaryCase) -> dict[str, Any]:
    """What the rule of the case says, in full; its findings and what it could not decide."""
    assessment = assess(case.case(), GUIDANCE)
    return {
        "finding": [whole(finding) for finding in assessment.findings if finding.code == case.code],
        "undecided": [say_undecided(each, GUIDANCE) for each in assessment.undecided if each.code == case.code],
        "next_change_on": str(assessment.next_change_on),
        "others": others(assessment, case.code),
    }


def others(assessment: Assessment, code: str) -> list[str]:
    return [f"{each.code} {each.severity.label} {each.variant}" for each in assessment.findings if each.code != code]


def whole(finding: Finding) -> list[str]:
    return [*dates(finding), *facts(finding), *sentences(finding)]


def dates(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity.label} {finding.variant}{' standing' if finding.standing else ''}"
    yield f"since {finding.since}, episode {finding.episode}, until {finding.until}"
    yield f"trigger {' '.join(finding.trigger)}"


def facts(finding: Finding) -> Iterator[str]:
    yield "; ".join(f"{name}={value}" for name, value in finding.values.items())
    for each in finding.evidence:
        yield f"{each.label}: {each.value} {each.unit} on {each.on}"
    yield f"thresholds {' '.join(each.name for each in finding.thresholds)}"


def sentences(finding: Finding) -> Iterator[str]:
    words = say(finding, GUIDANCE)
    yield from (words.title, words.reason, *words.why, *words.missing, *words.clears)


@pytest.mark.parametrize("code", RULES)
def test_says_what_was_reviewed(code: str) -> None:
    found = {case.name: told(case) for case in load_boundaries(code)}
    file = GOLDEN / f"{code}.json"
    if os.environ.get("TITRATION_GOLDEN") == "write":
        file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(file.read_text(encoding="utf-8"))
