"""What a flag stores of a finding.

The words as shown, the values and the thresholds, as plain JSON, and its place on the worklist.
"""

from typing import Any

from titration.domain.findings import Finding
from titration.domain.guidance import load_guidance
from titration.domain.wording import say
from titration.models import Flag

_A_DAY = "mg/day"


def shown_words(finding: Finding) -> dict[str, Any]:
    words = say(finding, load_guidance())
    return {
        "title": words.title,
        "reason": words.reason,
        "why": list(words.why),
        "consider": list(words.consider),
        "clears": list(words.clears),
        "missing": list(words.missing),
        "evidence": [
            {
                "label": value.label,
                "value": value.value,
                "unit": value.unit,
                "on": value.on.isoformat() if value.on else None,
            }
            for value in finding.evidence
        ],
        "thresholds": [
            {
                "name": threshold.name,
                "value": threshold.value,
                "unit": threshold.unit,
                "source": threshold.source,
                "locator": threshold.locator,
                "origin": threshold.origin,
            }
            for threshold in finding.thresholds
        ],
    }


def doses_of(finding: Finding) -> list[str]:
    """The daily doses that a finding rests on."""
    return [value.value for value in finding.evidence if value.unit == _A_DAY]


def doses_shown(flag: Flag) -> list[str]:
    """Those that its words on file rest on."""
    return [value["value"] for value in flag.shown.get("evidence", ()) if value["unit"] == _A_DAY]


def as_seen(flag: Flag) -> dict[str, Any]:
    """What the flag shows at this moment, with the version of the guidance, to be kept by its event."""
    return {**flag.shown, "guidance_version": flag.guidance_version}
