"""One assessment alone, without a database: from a record in memory to findings."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from titration.domain.assess import assess
from titration.domain.case import case_from
from titration.domain.guidance import load_guidance
from titration.domain.record import PatientRecord, RegimenEntry
from titration.domain.regimen import Regimen

AS_OF = date(2026, 11, 13)
_AT = datetime(2026, 11, 13, 9, tzinfo=UTC)


def record_with(changes: int) -> PatientRecord:
    """One change a day, 60 and 55 mg in turn, the last one today."""
    return PatientRecord(
        id="bench",
        name="Bench, B.",
        birth_date=date(1970, 1, 1),
        identifier="BN-00000",
        sex="unknown",
        indication="ms_spinal_spasticity",
        label_set="US",
        time_zone="Europe/London",
        exposure_months=Fraction(12),
        regimens=tuple(_entry(changes - place - 1) for place in range(changes)),
    )


def _entry(days_ago: int) -> RegimenEntry:
    regimen = Regimen.of((20_000, 15_000 + 5_000 * (days_ago % 2), 20_000, 0))
    return RegimenEntry(
        id=str(days_ago), recorded_at=_AT, recorded_by="B. Ench", starts_on=AS_OF - timedelta(days=days_ago),
        regimen=regimen, reason="response",
    )  # fmt: skip


def assessing(changes: int) -> Callable[[int], None]:
    case, guidance = case_from(record_with(changes), AS_OF), load_guidance()

    def ask(_: int) -> None:
        assess(case, guidance)

    return ask
