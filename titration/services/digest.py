"""The daily mail to each member: how many critical and high flags wait in the clinic. Counts and a link, nobody's name.

Once a day and person, in the clinic's own day, however often it is asked for: the day is claimed before the mail leaves
and given back where the mail server refuses it. No transaction is open while a mail server is spoken to.
"""

import smtplib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from titration.models import Membership, SubmissionKey
from titration.selectors.operations import members_to_tell, urgent_flags_by_clinic
from titration.services.audit import audited, record_event
from titration.services.writing import today_in

_NAMESPACE = UUID("6d1f0b52-3c55-4b0e-9c93-0a4f3b7e8d11")
NOT_SENT = (OSError, smtplib.SMTPException)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """waiting: severity -> count, only of those that wait."""

    member: Membership
    day: date
    waiting: dict[str, int]

    @property
    def key(self) -> UUID:
        return uuid5(_NAMESPACE, f"{self.member.pk} {self.day.isoformat()}")


type Mail = Callable[[Digest], object]


def digests_due(now: datetime) -> Iterator[Digest]:
    """For every member of a clinic in which such a flag waits; who has today's already is left out."""
    waiting = urgent_flags_by_clinic()
    for member in members_to_tell(waiting):
        digest = Digest(member=member, day=today_in(member.clinic, now), waiting=waiting[member.clinic_id])
        if not SubmissionKey.objects.filter(key=digest.key).exists():
            yield digest


def send_digests(*, now: datetime, mail: Mail) -> Counter[str]:
    """How many were sent, and how many not, by the class of the fault."""
    done: Counter[str] = Counter()
    for digest in digests_due(now):
        try:
            done["sent"] += send_digest(digest=digest, now=now, mail=mail)
        except NOT_SENT as fault:
            done[type(fault).__name__] += 1
    return done


def send_digest(*, digest: Digest, now: datetime, mail: Mail) -> bool:
    """Whether it left: not where another run sends it just now."""
    member = digest.member
    claim = {"clinic": member.clinic, "actor": member.user, "at": now}
    row, is_first = SubmissionKey.objects.get_or_create(key=digest.key, defaults=claim)
    if not is_first:
        return False
    try:
        mail(digest)
    except NOT_SENT:
        row.delete()
        raise
    with audited():
        record_event(
            clinic=member.clinic, actor=None, action="digest.sent", subject=member, detail=digest.waiting, now=now
        )
    return True
