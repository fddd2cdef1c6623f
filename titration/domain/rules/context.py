"""C1 to C3: conditions and other drugs that make the same dose more dangerous.

They are standing facts: context on the patient page, and a flag only when a drug or the dose changes.
"""

from collections.abc import Mapping, Set

from titration.domain.findings import Evidence, Finding, Severity
from titration.domain.situation import Answer, Situation
from titration.domain.vocabulary import C1_CONDITIONS, COMEDICATIONS, CONDITIONS, INTERACTING

_PREGNANCY = "pregnancy"


def vulnerable(situation: Situation) -> Answer:
    """C1: a condition that raises W1 to W3 by one level."""
    return _standing(
        situation, "C1", Severity.INFO, "vulnerable", C1_CONDITIONS & situation.case.conditions, CONDITIONS
    )


def interactions(situation: Situation) -> Answer:
    """C2: other drugs that interact; the words name each class."""
    active = INTERACTING & situation.case.comedications
    return _standing(situation, "C2", Severity.CAUTION, "interactions", active, COMEDICATIONS)


def pregnancy(situation: Situation) -> Answer:
    """C3: pregnancy on file while baclofen is taken."""
    active = {_PREGNANCY} & situation.case.conditions
    return _standing(situation, "C3", Severity.HIGH, "pregnancy", active, CONDITIONS)


def _standing(
    situation: Situation, code: str, severity: Severity, variant: str, active: Set[str], words: Mapping[str, str]
) -> Answer:
    if not active:
        return [], []
    since = max(situation.known_from(name) for name in active)
    names = [words[name] for name in words if name in active]
    finding = Finding(
        code=code,
        severity=severity,
        since=since,
        episode=since,
        variant=variant,
        values={"facts": ", ".join(names).lower()},
        trigger=tuple(sorted(active)),
        evidence=tuple(
            Evidence(label="On file", value=name, on=situation.case.known_since.get(name)) for name in names
        ),
        standing=since <= situation.first_on,
    )
    return [finding], []
