"""More people and more on file than the demo has, for journeys that need one of everything.

Colleagues: a clinician without the admin bit, a reader who runs the clinic, somebody who works for two clinics, and
somebody who works for none. Run as a module it fills the site's database.
"""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.browser.site import ROOT, Site, environment_of
from titration.demo.sign_in import DEMO_EMAIL, DEMO_PASSWORD

LEFT = "left"  # Disabled, with a second factor.
EMAILS = {name: f"{name}@demo.invalid" for name in ("dunn", "acre", "twice", "nowhere", LEFT)}
HOLLIS, OSEI = "SP-0347", "SP-0290"


def stock(site: Site) -> None:
    command = [sys.executable, "-m", "tests.browser.stocked"]
    subprocess.run(command, cwd=ROOT, env=environment_of(site.database), check=True, stdout=subprocess.DEVNULL)


def _fill() -> None:
    from django.utils import timezone

    from titration.models import Membership, Patient

    now, okafor = timezone.now(), Membership.objects.select_related("clinic", "user").get(user__email=DEMO_EMAIL)
    _hire(okafor, now)
    _furnish(okafor, now)
    _put_on_file(okafor, Patient.objects.get(identifier=OSEI), now)
    _hold_a_plan(okafor, Patient.objects.get(identifier=HOLLIS), now)


def _hire(okafor: Any, now: datetime) -> None:
    from titration.models import Clinic, Membership, Role, User
    from titration.services.people import disable_member, invite

    people = {
        name: User.objects.create_user(email, DEMO_PASSWORD, full_name=f"A. {name.title()}")
        for name, email in EMAILS.items()
    }
    harbour = Clinic.objects.exclude(pk=okafor.clinic_id).get()
    for name, clinic, role, is_admin in (
        ("dunn", okafor.clinic, Role.CLINICIAN, False),
        ("acre", okafor.clinic, Role.READ_ONLY, True),
        ("twice", okafor.clinic, Role.NURSE, False),
        ("twice", harbour, Role.CLINICIAN, True),
        (LEFT, okafor.clinic, Role.NURSE, False),
    ):
        Membership.objects.create(user=people[name], clinic=clinic, role=role, is_clinic_admin=is_admin)
    _give_second_factor(people[LEFT])
    disable_member(actor=okafor, member=people[LEFT].memberships.get(), now=now)
    invite(actor=okafor, email="invited@demo.invalid", role=Role.NURSE, is_clinic_admin=False, now=now)


def _give_second_factor(user: Any) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "never opened"})


def _furnish(okafor: Any, now: datetime) -> None:
    """A product and a template in use, and one of each that is retired."""
    from tests.factories import make_template
    from titration.domain.products import ProductForm
    from titration.services.plan_templates import retire_template
    from titration.services.products import add_product, retire_product

    for name, strength_mcg in (("12.5 mg tablet", 12_500), ("15 mg tablet", 15_000)):
        clinic = add_product(
            actor=okafor,
            name=name,
            form=ProductForm.TABLET,
            strength_mcg=strength_mcg,
            parts=1,
            volume_ul=0,
            source="Packet of the ward",
            now=now,
        )
    retire_product(actor=okafor, code=next(iter(clinic.own_products)), now=now)
    make_template(okafor, recorded_at=now)
    retired = make_template(okafor, recorded_at=now, name="Old taper")
    retire_template(actor=okafor, template_id=retired.template_id, version=retired.version, now=now)


def _put_on_file(okafor: Any, patient: Any, now: datetime) -> None:
    from tests.services.acts import CHOICES, EFFECTS, imported_history, uploaded_history
    from titration.services.conditions import record_condition
    from titration.services.history_import import import_history
    from titration.services.interruptions import record_interruption
    from titration.services.medicines import record_medicine
    from titration.services.reports import record_symptoms
    from titration.services.reviews import plan_review

    imported_history(okafor, patient)
    scores = uploaded_history(okafor, patient, b"date,pain\n2026-05-01,3\n")
    import_history(actor=okafor, draft=scores, choices=replace(CHOICES, columns=("date", "pain")), now=now)
    uploaded_history(okafor, patient, b"date,pain\n2026-04-01,3\n")
    record_symptoms(actor=okafor, patient=patient, report=EFFECTS, now=now)
    record_condition(actor=okafor, patient=patient, code="psychosis", now=now)
    record_medicine(actor=okafor, patient=patient, code="opioid", now=now)
    soon = now.date() + timedelta(days=5)
    record_interruption(actor=okafor, patient=patient, code="surgery", first_on=soon, now=now)
    plan_review(actor=okafor, patient=patient, due_on=soon, now=now)


def _hold_a_plan(okafor: Any, patient: Any, now: datetime) -> None:
    from tests.factories import make_plan, slow_taper
    from titration.services.plans import hold_plan, sign_plan

    drawn = make_plan(okafor, patient, slow_taper(now.date() + timedelta(days=3)), now=now)
    signed = sign_plan(actor=okafor, plan=drawn, state_version=drawn.state_version, now=now)
    hold_plan(actor=okafor, plan=signed, reason="Infection", state_version=signed.state_version, now=now)


if __name__ == "__main__":
    import django

    django.setup()
    _fill()
