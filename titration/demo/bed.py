"""Where one story of the demo grows: its people, its days and, once registered, its patient."""

from dataclasses import dataclass
from datetime import date, datetime

from titration.demo.acts import Act, Story, instant_of
from titration.models import Clinic, Membership, Patient


@dataclass(slots=True, kw_only=True)
class Bed:
    """Where one story grows: the clinic's people, today, the instant that is now, and the patient once registered."""

    story: Story
    people: dict[str, Membership]
    started_at: datetime
    patient_row: Patient | None = None

    @property
    def clinic(self) -> Clinic:
        return next(iter(self.people.values())).clinic

    @property
    def today(self) -> date:
        return self.started_at.astimezone(self.clinic.zone).date()

    @property
    def patient(self) -> Patient:
        if self.patient_row is None:
            raise ValueError(f"{self.story.slug}: an act before the registration")
        return self.patient_row

    def instant(self, day: int, at: str) -> datetime:
        return min(instant_of(self.today, day, at, self.clinic.zone), self.started_at)

    def now(self, act: Act) -> datetime:
        return self.instant(act.day, act.at)
