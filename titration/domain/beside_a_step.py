"""What stands beside every coming step that is named: what is really taken today, and the highest flag that is open.

A step is drawn from what is prescribed. Whoever takes none of it, or lies under a critical flag, must not be sent on by
a line that names the next dose alone.
"""

from dataclasses import dataclass, replace
from datetime import date

from titration.domain.findings import Severity
from titration.domain.history import prescribed_history, taken_history
from titration.domain.record import PatientRecord
from titration.domain.reported import reported
from titration.domain.standing import ShownFlag
from titration.domain.units import show_mg_per_day

_WAITING = frozenset({"open", "past_unanswered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideStep:
    """taken_mcg, prescribed_mcg: today's, None where not known; is_unconfirmed: so far only a plan says what is taken.
    severity (its label), title and flag_id of the highest open flag, "" where none is.
    """

    taken_mcg: int | None
    prescribed_mcg: int | None
    is_unconfirmed: bool = False
    severity: str = ""
    title: str = ""
    flag_id: str = ""

    @property
    def differs(self) -> bool:
        return self.taken_mcg != self.prescribed_mcg

    @property
    def taken_words(self) -> str:
        return taken_now(self.taken_mcg, self.prescribed_mcg, is_unconfirmed=self.is_unconfirmed)


def taken_now(taken_mcg: int | None, prescribed_mcg: int | None, *, is_unconfirmed: bool = False) -> str:
    """0 mg/day, not the 60 mg/day prescribed; 60 mg/day, as prescribed; not known, 60 mg/day is prescribed"""
    taken = "not known" if taken_mcg is None else show_mg_per_day(taken_mcg)
    if prescribed_mcg is None:
        return taken
    if taken_mcg is None:
        return f"{taken}; {show_mg_per_day(prescribed_mcg)} is prescribed"
    if taken_mcg != prescribed_mcg:
        return f"{taken}, not the {show_mg_per_day(prescribed_mcg)} prescribed"
    return f"{taken}, as planned, unconfirmed" if is_unconfirmed else f"{taken}, as prescribed"


def beside_a_step(record: PatientRecord, highest: ShownFlag | None, today: date) -> BesideStep:
    """highest: of what stands now."""
    beside = _taken(record, today)
    if highest is None:
        return beside
    flag_id = highest.flag.id if highest.flag else ""
    return replace(beside, severity=highest.severity.label, title=highest.words.title, flag_id=flag_id)


def beside_on_paper(record: PatientRecord, today: date) -> BesideStep:
    """By the flags on file, as the worklist reads them."""
    waiting = [flag for flag in record.flags if flag.state in _WAITING]
    if not waiting:
        return _taken(record, today)
    gravest = max(waiting, key=lambda flag: Severity.from_label(flag.severity))
    return replace(_taken(record, today), severity=gravest.severity, title=gravest.title, flag_id=gravest.id)


def _taken(record: PatientRecord, today: date) -> BesideStep:
    day = today.toordinal()
    return BesideStep(
        taken_mcg=taken_history(record).on(day),
        prescribed_mcg=prescribed_history(record).on(day),
        is_unconfirmed=reported(record).is_unconfirmed(day),
    )
