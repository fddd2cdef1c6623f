"""The patient, what is prescribed, and the facts the rules ask for.

Every entry is append-only: a correction sets its status, with who, when and why, and never touches what was entered.
The triggers of migrations 0002 and 0003 hold that on both databases.
"""

import unicodedata
import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from titration.domain.record import EntryStatus, FactKind, TreatmentState
from titration.domain.regimen import Regimen
from titration.fields import LineField, MicrogramsField, NoteField, SearchKeyField
from titration.models.bounds import columns, in_order, one_of, pair, sensible_date, whole_doses, within_ceiling
from titration.models.people import Clinic, Membership, User


class Sex(models.TextChoices):
    FEMALE = "female", "female"
    MALE = "male", "male"
    UNKNOWN = "unknown", "not known"


class TreatmentStatus(models.TextChoices):
    UNDER_TREATMENT = TreatmentState.UNDER_TREATMENT.value, "under treatment"
    ENDED = TreatmentState.ENDED.value, "treatment ended"
    MOVED = TreatmentState.MOVED.value, "moved to another clinic"
    DIED = TreatmentState.DIED.value, "died"


def search_key(text: str) -> str:
    """Folded for searching: no case, no accents, single blanks."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return " ".join(plain.casefold().split())


def _prefix_index(key: str) -> models.Index:
    return models.Index(fields=["clinic", key], name=f"patient_by_{key}", opclasses=["int8_ops", "varchar_pattern_ops"])


class Patient(models.Model):
    """One person under treatment in one clinic. The keys are folded copies that the search reads by index.

    treatment_status moves only by compare-and-set on treatment_version, each move with its TreatmentChange.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="patients")
    family_name = LineField(max_length=80)
    given_name = LineField(max_length=80)
    birth_date = models.DateField()
    identifier = LineField(max_length=40)
    family_key = SearchKeyField(max_length=400, editable=False)
    given_key = SearchKeyField(max_length=400, editable=False)
    identifier_key = SearchKeyField(max_length=200, editable=False)
    sex = LineField(max_length=8, choices=Sex, default=Sex.UNKNOWN)
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    responsible = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="patients")
    indication = LineField(max_length=40)
    treatment_status = LineField(max_length=16, choices=TreatmentStatus, default=TreatmentStatus.UNDER_TREATMENT)
    treatment_version = models.PositiveIntegerField(default=0)
    exposure_months = models.PositiveSmallIntegerField(null=True, blank=True)
    intrathecal_pump = models.BooleanField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    next_assessment_on = models.DateField(null=True, blank=True)
    runs_out_on = models.DateField(null=True, blank=True)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "identifier"],
                name="patient_identifier_once_a_clinic",
                violation_error_message="Another patient of this clinic has this identifier.",
            ),
            sensible_date("birth_date", owner="patient"),
            one_of("sex", Sex.values, owner="patient"),
            one_of("treatment_status", TreatmentStatus.values, owner="patient"),
            models.CheckConstraint(
                condition=Q(weight_g__isnull=True) | Q(weight_g__range=(500, 500_000)),
                name="patient_weight_sensible",
                violation_error_message="Check the weight: write it in kg, between 0.5 and 500.",
            ),
            models.CheckConstraint(
                condition=Q(exposure_months__isnull=True) | Q(exposure_months__lte=1200),
                name="patient_exposure_sensible",
                violation_error_message="Check the months of treatment before this record.",
            ),
        ]
        indexes = [
            _prefix_index("family_key"),
            _prefix_index("given_key"),
            _prefix_index("identifier_key"),
            models.Index(fields=["clinic", "birth_date"], name="patient_by_birth_date"),
            models.Index(fields=["clinic", "treatment_status"], name="patient_by_treatment_status"),
            models.Index(fields=["next_assessment_on"], name="patient_by_next_assessment"),
            models.Index(fields=["clinic", "runs_out_on"], name="patient_by_end_of_tablets"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        self.family_key, self.given_key = search_key(self.family_name), search_key(self.given_name)
        self.identifier_key = search_key(self.identifier)
        super().save(*args, **options)

    @property
    def name(self) -> str:
        return f"{self.family_name}, {self.given_name}"

    @property
    def is_closed_without_day(self) -> bool:
        """Over since before ends were entries of their own, and no entry has said since when."""
        return not self.treatment_version and self.treatment_status != TreatmentStatus.UNDER_TREATMENT


class Entry(models.Model):
    """What all entries share: a public id, the patient, who and when, a note, and where the entry stands."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="%(class)ss")
    note = NoteField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    status = LineField(max_length=16, default=EntryStatus.CURRENT)
    status_reason = NoteField(max_length=500)
    status_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    status_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")

    class Meta:
        abstract = True
        constraints = [
            one_of("status", [status.value for status in EntryStatus]),
            pair("status_by", "status_at"),
            models.CheckConstraint(
                condition=Q(status=EntryStatus.CURRENT, status_at__isnull=True)
                | (~Q(status=EntryStatus.CURRENT) & Q(status_at__isnull=False) & ~Q(status_reason="")),
                name="%(class)s_status_explained",
                violation_error_message="Say why this entry no longer counts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.public_id}"


class FourDoses(models.Model):
    """Prescribed or planned doses by time of day; their total never passes the ceiling, whatever writes the row."""

    morning_mcg = MicrogramsField(default=0)
    midday_mcg = MicrogramsField(default=0)
    evening_mcg = MicrogramsField(default=0)
    bedtime_mcg = MicrogramsField(default=0)

    class Meta:
        abstract = True
        constraints = [whole_doses(*columns()), within_ceiling(*columns())]

    def __str__(self) -> str:
        return str(self.regimen)

    @property
    def regimen(self) -> Regimen:
        return Regimen.of((self.morning_mcg, self.midday_mcg, self.evening_mcg, self.bedtime_mcg))


class RegimenChange(Entry, FourDoses):
    """What is prescribed from the first dose of a date.

    The answer is what was said to a high or critical finding before saving.
    """

    starts_on = models.DateField()
    reason = LineField(max_length=40)
    as_told = models.BooleanField(default=False)
    backdate_reason = NoteField(max_length=500)
    answer_reason = LineField(max_length=40, blank=True, default="")
    answer_comment = NoteField()

    class Meta:
        constraints = [
            *Entry.Meta.constraints,
            *FourDoses.Meta.constraints,
            sensible_date("starts_on"),
            models.UniqueConstraint(
                fields=["patient", "starts_on"],
                condition=Q(status=EntryStatus.CURRENT),
                name="regimenchange_one_current_a_date",
                violation_error_message="Another regimen for this date was saved. Reload the page and compare.",
            ),
        ]
        indexes = [models.Index(fields=["patient", "starts_on"], name="regimen_by_patient_and_date")]

    def __str__(self) -> str:
        return f"{self.regimen.daily_mcg} mcg from {self.starts_on}"


class TreatmentChange(Entry):
    """Where the treatment stands from a day on: ended, handed over, by a death, or under treatment again.

    starts_on: of an end the first day without a dose, of a death its day. last_mcg: taken on the day before an end. The
    answer is what was said to the findings before saving.
    """

    kind = LineField(max_length=16)
    starts_on = models.DateField()
    last_mcg = MicrogramsField(null=True, blank=True)
    handed_to = LineField(max_length=200, blank=True, default="")
    answer_reason = LineField(max_length=40, blank=True, default="")
    answer_comment = NoteField()

    class Meta:
        constraints = [
            *Entry.Meta.constraints,
            one_of("kind", TreatmentStatus.values),
            sensible_date("starts_on"),
            whole_doses("last_mcg"),
            models.CheckConstraint(
                condition=Q(last_mcg__isnull=True) | Q(kind=TreatmentStatus.ENDED, last_mcg__gt=0),
                name="treatmentchange_last_dose_of_an_end",
                violation_error_message="Write how much was taken on the last day with a dose: more than 0.",
            ),
            models.CheckConstraint(
                condition=Q(kind=TreatmentStatus.MOVED) & ~Q(handed_to="")
                | ~Q(kind=TreatmentStatus.MOVED) & Q(handed_to=""),
                name="treatmentchange_handed_to_somebody",
                violation_error_message="Write to whom the treatment was handed over.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.starts_on}"


_LASTING = Q(kind__in=[FactKind.CONDITION, FactKind.MEDICINE])
_ON_ONE_DAY = Q(kind__in=[FactKind.KIDNEY, FactKind.SUPPLY], since__isnull=False, until__isnull=True)
_PLANNED = Q(kind=FactKind.INTERRUPTION, since__isnull=False)
_WITHOUT_AMOUNT = Q(kind__in=[FactKind.CONDITION, FactKind.MEDICINE, FactKind.INTERRUPTION])


class PatientFact(Entry):
    """One fact that rules use, of one kind; all kinds in one table, so that a file is read in one query.

    Condition, medicine and interruption: a code of their list, from `since` (of the first two null: not known) until
    `until` (null: goes on); the note of an interruption says how baclofen goes on. Kidney: the eGFR of the day `since`.
    Supply: the product dispensed on the day `since`. tenths: the eGFR, the tablets or the mL, in tenths.
    """

    kind = LineField(max_length=16)
    code = LineField(max_length=40)
    tenths = models.PositiveIntegerField(null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            *Entry.Meta.constraints,
            one_of("kind", [kind.value for kind in FactKind]),
            sensible_date("since"),
            sensible_date("until"),
            in_order("since", "until"),
            models.CheckConstraint(
                condition=~Q(code=""),
                name="patientfact_code_given",
                violation_error_message="Choose one from the list.",
            ),
            models.CheckConstraint(
                condition=_LASTING | _ON_ONE_DAY | _PLANNED,
                name="patientfact_dates_of_its_kind",
                violation_error_message="Write the date: a reading and a dispensing have one, an interruption begins.",
            ),
            models.CheckConstraint(
                condition=(_WITHOUT_AMOUNT & Q(tenths__isnull=True)) | (~_WITHOUT_AMOUNT & Q(tenths__isnull=False)),
                name="patientfact_amount_of_its_kind",
                violation_error_message="Write the amount: a reading and a dispensing have one, other facts have none.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=FactKind.KIDNEY) | Q(tenths__range=(10, 2000)),
                name="patientfact_egfr_sensible",
                violation_error_message="Check the eGFR: write it in mL/min per 1.73\u00a0m\u00b2, from 1 to 200.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=FactKind.SUPPLY) | Q(tenths__range=(1, 100_000)),
                name="patientfact_quantity_sensible",
                violation_error_message="Check the quantity: more than 0 and at most 10,000 tablets or mL.",
            ),
        ]
        indexes = [models.Index(fields=["patient", "kind"], name="fact_by_patient_and_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
