"""For whoever runs the server: what is wrong with its clock, and the word that it is right again.

A clock that ran ahead leaves rows dated in the future: entries would wait until then. Once the clock is set right, it
is accepted: a row of the audit says so, and every patient is assessed anew, since days were judged that had not come.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from titration.domain.errors import DomainError
from titration.models import AuditEvent, Clinic, Patient
from titration.selectors.followed import followed
from titration.services.audit import audited, newest_instant, record_row
from titration.services.clock import Clock, is_before
from titration.services.writing import today_in

OK = "ok"


def clock_words() -> str:
    """ "ok", or by how much it is wrong: before the newest row of the audit, or apart from the database server's."""
    instant = newest_instant()
    if instant is not None and is_before(instant):
        return f"{_seconds(instant - timezone.now())} s before the newest row of the audit: entries are refused"
    apart = _apart_from_database()
    if settings.CLOCK_TOLERANCE is not None and abs(apart) > settings.CLOCK_TOLERANCE:
        return f"{_seconds(abs(apart))} s {'ahead of' if apart > timedelta() else 'behind'} the database server's clock"
    return OK


def accept_clock(*, now: datetime) -> int:
    """By how many seconds the clock stood before the newest row. Refused where there is nothing to accept."""
    instant = newest_instant()
    if instant is None or not is_before(instant):
        raise DomainError("The clock stands after the newest row of the audit: there is nothing to accept.")
    seconds = _seconds(instant - now)
    with audited(Clock.ACCEPTED):
        for clinic in Clinic.objects.all():
            _assessed_too_far(clinic, now).update(next_assessment_on=today_in(clinic, now))
        record_row(
            AuditEvent(at=now, action="clock.accepted", detail={"newest": instant.isoformat(), "seconds": seconds})
        )
    return seconds


def _assessed_too_far(clinic: Clinic, now: datetime) -> QuerySet[Patient]:
    living = Patient.objects.filter(followed(), clinic=clinic)
    return living.exclude(next_assessment_on__lte=today_in(clinic, now))


def _apart_from_database() -> timedelta:
    """Nothing on SQLite, which has no clock of its own."""
    if connection.vendor != "postgresql":
        return timedelta()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
    return timezone.now() - told


def _seconds(apart: timedelta) -> int:
    return round(apart.total_seconds())
