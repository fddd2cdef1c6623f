"""Opening a clinic and letting people into it, from the command line: the first steps of a real installation."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from titration.domain.errors import DomainError
from titration.domain.products import PRODUCTS
from titration.models import Clinic, Membership, User
from titration.services.audit import record_event
from titration.services.people import new_person


@transaction.atomic
def open_clinic(*, name: str, time_zone: str, label_set: str, telephone: str, now: datetime) -> Clinic:
    """A new clinic with every product of the catalogue. Raises DomainError with a sentence for a value that is none."""
    clinic = Clinic(
        name=name, time_zone=time_zone, label_set=label_set, telephone=telephone, product_codes=list(PRODUCTS)
    )
    try:
        clinic.full_clean()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    clinic.save()
    record_event(clinic=clinic, actor=None, action="clinic.opened", subject=clinic, now=now)
    return clinic


@transaction.atomic
def add_member(
    *, clinic: Clinic, email: str, full_name: str, role: str, is_clinic_admin: bool, password: str, now: datetime
) -> Membership:
    """A person's work for a clinic. The password is used for a person who is new here; raises DomainError otherwise."""
    user = User.objects.filter(email=email.lower()).first() or new_person(email, full_name, password)
    member = Membership(user=user, clinic=clinic, role=role, is_clinic_admin=is_clinic_admin)
    try:
        member.full_clean()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    member.save()
    record_event(clinic=clinic, actor=None, action="member.added", subject=member, detail={"role": role}, now=now)
    return member
