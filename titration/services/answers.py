"""An answer counts only for the findings that it was given to.

A form remembers by a digest which findings it asked about; inside the transaction they are compared with what stands
then. An answer without a digest was given by a caller that showed no page: the demo, a command.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from titration.domain.findings import Finding
from titration.models import Clinic
from titration.services.drafts import CriticalAnswer
from titration.services.errors import AnswerNeeded
from titration.services.writing import check_override_reason


def digest_of(findings: Iterable[Finding]) -> str:
    """Which findings an answer was given to: another set needs another answer."""
    return sha256("\n".join(sorted(f"{each.code}|{each.fingerprint}" for each in findings)).encode()).hexdigest()


def check_answered(findings: Sequence[Finding], answer: CriticalAnswer | None, clinic: Clinic) -> None:
    """Raises AnswerNeeded where the findings have no answer, or one that was given to others."""
    if findings and not _is_for(answer, findings):
        raise AnswerNeeded(findings)
    if answer is not None:
        check_override_reason(answer.reason, clinic)


def _is_for(answer: CriticalAnswer | None, findings: Sequence[Finding]) -> bool:
    return answer is not None and answer.answered_for in (None, digest_of(findings))
