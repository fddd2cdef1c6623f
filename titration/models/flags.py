"""Flags: findings that stand now, as they were shown, with what people said about them.

Identity is (patient, rule, episode). state moves only by compare-and-set on state_version, each move with its
FlagEvent.
"""

import uuid

from django.db import models
from django.db.models import Q

from titration.domain.findings import Severity
from titration.fields import LineField, NoteField
from titration.models.bounds import one_of, pair
from titration.models.people import User
from titration.models.treatment import Patient


class FlagState(models.TextChoices):
    OPEN = "open", "open"
    ACCEPTED = "accepted", "accepted"
    RESOLVED = "resolved", "resolved"
    CORRECTED = "corrected", "resolved by correction"
    PAST_UNANSWERED = "past_unanswered", "past, unanswered"
    DIED = "died", "ended, the patient died"


WAITING = [FlagState.OPEN.value, FlagState.PAST_UNANSWERED.value]


class Flag(models.Model):
    """urgency orders the worklist.

    Severity first, then who cannot wait. time_ends_on is the day on which time alone would end it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="flags")
    code = LineField(max_length=8)
    episode_on = models.DateField()
    severity = LineField(max_length=8)
    urgency = models.PositiveSmallIntegerField()
    state = LineField(max_length=16, choices=FlagState, default=FlagState.OPEN)
    fingerprint = models.TextField()
    opened_at = models.DateTimeField()
    since = models.DateField()
    time_ends_on = models.DateField(null=True, blank=True)
    shown = models.JSONField(default=dict)
    guidance_version = LineField(max_length=20)
    accepted_reason = LineField(max_length=40, blank=True, default="")
    accepted_comment = NoteField()
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    state_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "code", "episode_on"],
                name="flag_once_an_episode",
                violation_error_message="This flag is raised already.",
            ),
            one_of("severity", [severity.label for severity in Severity], owner="flag"),
            one_of("state", FlagState.values, owner="flag"),
            pair("accepted_by", "accepted_at", owner="flag"),
            models.CheckConstraint(
                condition=~Q(state=FlagState.ACCEPTED)
                | (Q(accepted_at__isnull=False, expires_at__isnull=False) & ~Q(accepted_reason="")),
                name="flag_accepted_with_reason_and_end",
                violation_error_message="Choose a reason and until when the flag is accepted.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-urgency", "opened_at"], condition=Q(state__in=WAITING), name="flag_waiting_by_urgency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.severity} since {self.since}"

    @property
    def title(self) -> str:
        return str(self.shown.get("title", ""))


class FlagEvent(models.Model):
    """What happened to a flag. Append-only by trigger.

    shown: the words, values, thresholds and guidance version of that moment, null where they were those of the event
    before.
    """

    flag = models.ForeignKey(Flag, models.PROTECT, related_name="events")
    kind = LineField(max_length=16)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    text = NoteField()
    severity = LineField(max_length=8)
    shown = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind}, {self.flag}"
