"""People who sign in, the clinics they work for, and what each may do there.

The e-mail address is the user name and is kept in lower case, so that it is unique whatever case is typed. A
membership is never deleted, only disabled: rows name who wrote them.
"""

import uuid
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from titration.domain.products import PRODUCTS, Product, products_known
from titration.domain.vocabulary import OVERRIDE_REASONS
from titration.fields import LineField, NoteField
from titration.models.bounds import one_of


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField("e-mail address", unique=True)
    full_name = LineField(max_length=120)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_lower_case",
                violation_error_message="Write the e-mail address in lower case.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def clean(self) -> None:
        self.email = self.email.lower()


class LabelSet(models.TextChoices):
    US = "US", "United States"
    UK = "UK", "United Kingdom"
    AU = "AU", "Australia"


def usual_clock_times() -> dict[str, str]:
    return {"morning": "08:00", "midday": "13:00", "evening": "18:00", "bedtime": "22:00"}


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Choose a time zone such as Europe/London.")


class Clinic(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = LineField(max_length=120)
    time_zone = LineField(max_length=60, default="Europe/London", validators=[validate_time_zone])
    telephone = LineField(max_length=40, blank=True, default="")
    hours = LineField(max_length=200, blank=True, default="")
    out_of_hours = LineField(max_length=200, blank=True, default="")
    emergency_wording = NoteField()
    label_set = LineField(max_length=2, choices=LabelSet, default=LabelSet.UK)
    clock_times = models.JSONField(default=usual_clock_times)
    override_reasons = models.JSONField(default=dict, blank=True)
    retired_reasons = models.JSONField(default=dict, blank=True)
    product_codes = models.JSONField(default=list, blank=True)
    own_products = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [one_of("label_set", LabelSet.values, owner="clinic")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def active_reasons(self) -> dict[str, str]:
        """code -> words of the reasons that can be chosen: the clinic's own where it has set them."""
        return dict(self.override_reasons or OVERRIDE_REASONS)

    @property
    def known_reasons(self) -> dict[str, str]:
        """code -> words of every reason that may stand in the record, retired ones too."""
        return {**OVERRIDE_REASONS, **self.retired_reasons, **self.override_reasons}

    @property
    def known_products(self) -> dict[str, Product]:
        """code -> product of the catalogue and of the clinic's own, retired ones too: what a plan may be made of."""
        return products_known(self.own_products)

    @property
    def own_known_products(self) -> dict[str, Product]:
        """Those of the clinic's own alone."""
        known = self.known_products if self.own_products else {}
        return {code: known[code] for code in self.own_products}

    def products_of(self, codes: Sequence[str]) -> tuple[Product, ...]:
        """The products of a plan, in its order."""
        known = self.known_products
        return tuple(known[code] for code in codes if code in known)

    @property
    def offered_products(self) -> tuple[Product, ...]:
        """The clinic's own list in its order; the whole catalogue where it has none."""
        known = self.known_products
        retired = {code for code, values in self.own_products.items() if values.get("retired")}
        chosen = tuple(known[code] for code in self.product_codes if code in known and code not in retired)
        return chosen or tuple(PRODUCTS.values())


class Role(models.TextChoices):
    CLINICIAN = "clinician", "clinician"
    NURSE = "nurse", "nurse"
    PHARMACIST = "pharmacist", "pharmacist"
    READ_ONLY = "read_only", "read-only"


class Membership(models.Model):
    """One person's work for one clinic. The admin bit gives no clinical rights."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="memberships")
    role = LineField(max_length=12, choices=Role)
    is_clinic_admin = models.BooleanField(default=False)
    disabled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "clinic"],
                name="membership_once_a_clinic",
                violation_error_message="This person already works for this clinic.",
            ),
            one_of("role", Role.values, owner="membership"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.clinic}"
