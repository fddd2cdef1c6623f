"""What a clinic set for itself, change by change. Append-only by trigger; the clinic's own row holds what stands."""

from django.db import models

from titration.models.people import Clinic, User


class ClinicChange(models.Model):
    """before, after: what was set, by its name in the settings, and nothing else. number: from 1, one a clinic."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField()
    before = models.JSONField()
    after = models.JSONField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["clinic_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "number"],
                name="clinic_change_once",
                violation_error_message="Somebody changed the settings meanwhile. Reload the page and compare.",
            ),
        ]

    def __str__(self) -> str:
        return f"change {self.number} of the clinic's settings"
