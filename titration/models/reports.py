"""What patients, carers and clinicians report.

Taken doses, sedation, symptoms, scores. Taken totals may exceed the ceiling; that is a finding.

A report is never dated after it was recorded: instants by constraint, days by the services, which know the clinic's
zone.
"""

from django.db import models
from django.db.models import F, Q

from titration.domain.record import IntakeKind, SymptomList
from titration.domain.regimen import Regimen
from titration.fields import LineField, MicrogramsField
from titration.models.bounds import columns, in_order, one_of, sensible_date, whole_doses
from titration.models.treatment import Entry


def _not_after_recorded(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": F("recorded_at")}),
        name=f"%(class)s_{name}_not_in_future",
        violation_error_message="A report is about the past: choose a time that is not in the future.",
    )


class IntakeReport(Entry):
    """What was really taken from starts_on to ends_on, both included; null ends_on goes on until a later report."""

    kind = LineField(max_length=16)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    morning_mcg = MicrogramsField(null=True, blank=True)
    midday_mcg = MicrogramsField(null=True, blank=True)
    evening_mcg = MicrogramsField(null=True, blank=True)
    bedtime_mcg = MicrogramsField(null=True, blank=True)
    daily_mcg = MicrogramsField(null=True, blank=True)
    missed = models.PositiveSmallIntegerField(null=True, blank=True)
    due = models.PositiveSmallIntegerField(null=True, blank=True)
    last_dose_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            *Entry.Meta.constraints,
            one_of("kind", [kind.value for kind in IntakeKind]),
            whole_doses(*columns(), "daily_mcg"),
            sensible_date("starts_on"),
            sensible_date("ends_on"),
            in_order("starts_on", "ends_on"),
            _not_after_recorded("last_dose_at"),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=[IntakeKind.BY_TIME, IntakeKind.MISSED], morning_mcg__isnull=False)
                    & Q(midday_mcg__isnull=False, evening_mcg__isnull=False, bedtime_mcg__isnull=False)
                )
                | Q(kind=IntakeKind.DAILY_TOTAL, daily_mcg__isnull=False)
                | ~Q(kind__in=[IntakeKind.BY_TIME, IntakeKind.MISSED, IntakeKind.DAILY_TOTAL]),
                name="intakereport_doses_of_its_kind",
                violation_error_message="Write what was taken, or choose \u201cnot known\u201d.",
            ),
            models.CheckConstraint(
                condition=Q(missed__isnull=True) | Q(due__isnull=False, missed__lte=F("due")),
                name="intakereport_missed_of_due",
                violation_error_message="Write how many doses were due; no more can be missed than were due.",
            ),
        ]
        indexes = [models.Index(fields=["patient", "starts_on"], name="intake_by_patient_and_date")]

    @property
    def regimen(self) -> Regimen | None:
        doses = (self.morning_mcg, self.midday_mcg, self.evening_mcg, self.bedtime_mcg)
        given = [mcg for mcg in doses if mcg is not None]
        return Regimen.of((given[0], given[1], given[2], given[3])) if len(given) == len(doses) else None


class SedationReport(Entry):
    at = models.DateTimeField()
    grade = models.PositiveSmallIntegerField()
    source = LineField(max_length=12)
    time_of_day = LineField(max_length=8, blank=True, default="")
    falls = models.BooleanField(null=True, blank=True)
    driving_affected = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=Q(grade__lte=4),
                name="sedationreport_grade_known",
                violation_error_message="Choose a sedation grade from 0 to 4.",
            ),
            one_of("source", ["patient", "carer", "clinician"]),
            _not_after_recorded("at"),
        ]
        indexes = [models.Index(fields=["patient", "at"], name="sedation_by_patient_and_time")]


class SymptomReport(Entry):
    """An adverse effect or a withdrawal sign, each from its own list."""

    symptom_list = LineField(max_length=16)
    code = LineField(max_length=40)
    other_text = LineField(max_length=200, blank=True, default="")
    severity = LineField(max_length=8)
    onset_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            *Entry.Meta.constraints,
            one_of("symptom_list", [name.value for name in SymptomList]),
            one_of("severity", ["mild", "moderate", "severe"]),
            sensible_date("onset_on"),
            sensible_date("ended_on"),
            in_order("onset_on", "ended_on"),
        ]
        indexes = [models.Index(fields=["patient", "onset_on"], name="symptom_by_patient_and_date")]


class ResponseScore(Entry):
    """One score; the value is its code, because "1+" is no number."""

    at = models.DateTimeField()
    scale = LineField(max_length=12)
    value = LineField(max_length=4)

    class Meta:
        constraints = [
            *Entry.Meta.constraints,
            one_of("scale", ["spasticity", "pain", "penn", "ashworth"]),
            _not_after_recorded("at"),
        ]
        indexes = [models.Index(fields=["patient", "at"], name="score_by_patient_and_time")]
