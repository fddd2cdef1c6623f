"""The steps of a week for a whole clinic, on their way to one paper: who asked, what is read and what is not.

What was read is held here, in the clinic's own database, and in no file; it is erased when the paper is fetched or
given up.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from titration.models.people import Clinic, User


class WeekPaper(models.Model):
    """pending: [patient, plan] still to be read, rows: what was read of the others; both empty once it is fetched."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    first_on = models.DateField()
    last_on = models.DateField()
    total = models.PositiveIntegerField()
    pending = models.JSONField(default=list, blank=True)
    rows = models.JSONField(default=list, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_on__lte=F("last_on")),
                name="week_paper_first_to_last",
                violation_error_message="A week ends on or after its first day.",
            ),
            models.CheckConstraint(
                condition=Q(fetched_at__isnull=True) | Q(rows=[], pending=[]),
                name="week_paper_erased_once_fetched",
                violation_error_message="What was fetched is not kept.",
            ),
        ]

    def __str__(self) -> str:
        return f"steps of the week from {self.first_on}"

    @property
    def done(self) -> int:
        return self.total - len(self.pending)

    @property
    def is_ready(self) -> bool:
        return not self.pending and self.fetched_at is None
