"""Letting a person into a clinic: one address, once, for a while."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from titration.fields import LineField
from titration.models.bounds import one_of
from titration.models.people import Clinic, Role, User


class Invitation(models.Model):
    """An address that may join a clinic, once, by a signed link. Never deleted: it says who let whom in."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="invitations")
    email = models.EmailField("e-mail address")
    role = LineField(max_length=12, choices=Role)
    is_clinic_admin = models.BooleanField(default=False)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("role", Role.values, owner="invitation"),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="invitation_email_lower_case",
                violation_error_message="Write the e-mail address in lower case.",
            ),
            models.UniqueConstraint(
                fields=["clinic", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
                violation_error_message="This address has an open invitation. Revoke that one first.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                name="invitation_one_end",
                violation_error_message="This invitation was answered meanwhile. Reload the page.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.clinic}"
