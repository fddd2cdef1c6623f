"""Who did what and when, in one unbroken chain, and which forms were already accepted.

Each audit row names the digest of the row before it; that digest is unique, so the chain cannot fork, and triggers
refuse every UPDATE, DELETE and TRUNCATE. A row holds ids, codes and counts: no name and no clinical free text.
"""

import hashlib
import json
from datetime import UTC

from django.db import models

from titration.fields import LineField
from titration.models.people import Clinic, User


class AuditEvent(models.Model):
    clinic = models.ForeignKey(Clinic, models.PROTECT, null=True, blank=True, related_name="+")
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    action = LineField(max_length=60)
    object_type = LineField(max_length=40, blank=True, default="")
    object_id = LineField(max_length=40, blank=True, default="")
    patient_public_id = models.UUIDField("patient", null=True, blank=True)
    detail = models.JSONField(default=dict)
    previous_digest = LineField(max_length=64, unique=True)
    digest = LineField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["clinic", "-id"], name="audit_by_clinic"),
            models.Index(fields=["patient_public_id", "-id"], name="audit_by_patient"),
            models.Index(fields=["clinic", "actor", "-id"], name="audit_by_person"),
            models.Index(fields=["clinic", "action", "-id"], name="audit_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} at {self.at:%Y-%m-%d %H:%M}"

    def own_digest(self) -> str:
        """sha256 over the previous digest and the row in canonical JSON."""
        return hashlib.sha256((self.previous_digest + self._canonical()).encode()).hexdigest()

    def _canonical(self) -> str:
        row = {
            "clinic": self.clinic_id,
            "actor": self.actor_id,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "action": self.action,
            "object_type": self.object_type,
            "object_id": self.object_id,
            "patient": str(self.patient_public_id or ""),
            "detail": self.detail,
        }
        return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


class SubmissionKey(models.Model):
    """One row for each accepted form: the same key with the same content leads to what it made.

    The digest is over the action, the patient, the person and the cleaned content; it is empty for a key that no form
    gave, and for rows older than the digest.
    """

    key = models.UUIDField(unique=True)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    action = LineField(max_length=60, blank=True, default="")
    patient = models.ForeignKey("titration.Patient", models.PROTECT, null=True, blank=True, related_name="+")
    digest = LineField(max_length=64, blank=True, default="")
    # [table, public id, role]: what the form made, and what of it is answered to the form when it comes again.
    rows = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return str(self.key)
