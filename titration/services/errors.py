"""Refusals of the services that are no mistake of the form.

Somebody was quicker, or a finding must be answered first.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from titration.domain.errors import DomainError
from titration.domain.findings import Finding
from titration.models import SubmissionKey


class Conflict(DomainError):
    """What was shown has changed meanwhile; nothing was saved."""


class Used(Enum):
    """Why a form that was saved before is not answered as saved."""

    OTHER_CONTENT = "This form was saved already, with other content."
    OTHER_PERSON = "Somebody else saved this form already."
    OTHER_FORM = "This form was saved already, as another kind of entry."
    OTHER_PATIENT = "This form was saved already, for another patient."
    NO_LONGER_STANDS = "This form was saved already, and what it saved no longer stands. Nothing was saved again."
    NOT_KNOWN = "This form was used before, and what it saved cannot be told."


class UsedAlready(Conflict):
    """The key of a form was used. claim: what is known of the earlier submission, None where it is not for this
    clinic's eyes. form: the form as it was typed, told by whoever read it.
    """

    def __init__(self, why: Used, claim: SubmissionKey | None = None) -> None:
        super().__init__(why.value)
        self.why = why
        self.claim = claim
        self.form: Any = None


class AnswerNeeded(DomainError):
    """Findings that must be answered with a coded reason before this is saved."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("Answer the finding with a reason before saving, or change what is saved.")
        self.findings = tuple(findings)
