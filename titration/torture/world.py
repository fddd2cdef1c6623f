"""The clinic of a run: a few clinicians, signed in; patients whom they share; a patient for each one's plans."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from titration.domain.regimen import Regimen
from titration.models import Clinic, Membership, Patient, Role, User
from titration.services.drafts import PatientDetails
from titration.services.patients import register_patient

SHARED_PATIENTS = 3
BORN = date(1970, 1, 1)
START = Regimen.of((20_000, 20_000, 20_000, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """cookies: the header of a browser that is signed in; csrf: the token that goes with it."""

    membership: Membership
    own_patient: Patient
    cookies: str
    csrf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    clinic: Clinic
    people: tuple[Person, ...]
    shared: tuple[Patient, ...]


def build_world(writers: int) -> World:
    clinic = Clinic.objects.create(name="Torture clinic", label_set="US", time_zone="Europe/London")
    members = [_member(clinic, number) for number in range(writers)]
    shared = tuple(_patient(members[0], f"Shared {number}") for number in range(SHARED_PATIENTS))
    people = tuple(_person(member, _patient(member, f"Own {number}")) for number, member in enumerate(members))
    return World(clinic=clinic, people=people, shared=shared)


def _member(clinic: Clinic, number: int) -> Membership:
    user = User.objects.create_user(f"writer.{number}@example.org", None, full_name=f"Writer {number}")
    return Membership.objects.create(user=user, clinic=clinic, role=Role.CLINICIAN)


def _patient(actor: Membership, name: str) -> Patient:
    details = PatientDetails(
        family_name=name,
        given_name="Synthetic",
        birth_date=BORN,
        identifier=secrets.token_hex(4),
        indication="ms_spinal_spasticity",
        exposure_months=24,
    )
    now = timezone.now()
    return register_patient(actor=actor, details=details, regimen=START, since=now.date() - timedelta(days=60), now=now)


def _person(member: Membership, own_patient: Patient) -> Person:
    browser = Client()
    browser.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    csrf = secrets.token_hex(16)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={csrf}"
    return Person(membership=member, own_patient=own_patient, cookies=cookies, csrf=csrf)
