"""Refusals of the services that are no mistake of the form.

Somebody was quicker, or a finding must be answered first.
"""

from collections.abc import Sequence

from titration.domain.errors import DomainError
from titration.domain.findings import Finding


class Conflict(DomainError):
    """What was shown has changed meanwhile; nothing was saved."""


class AnswerNeeded(DomainError):
    """Findings that must be answered with a coded reason before this is saved."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("Answer the finding with a reason before saving, or change what is saved.")
        self.findings = tuple(findings)
