"""`manage.py open_clinic NAME --email E --person P`: a clinic and the first person who may work in it.

The password is asked for, or read from the variable TITRATION_FIRST_PASSWORD, so that it stands in no shell history.
"""

import os
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from titration.domain.errors import DomainError
from titration.models import Role
from titration.models.people import LabelSet
from titration.services.clinics import add_member, open_clinic


class Command(BaseCommand):
    help = "Open a clinic with its first clinician, who is also its admin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the clinic's name, as patients know it")
        parser.add_argument("--email", required=True, help="work email of the first person")
        parser.add_argument("--person", required=True, help="full name of the first person")
        parser.add_argument("--role", default=Role.CLINICIAN, choices=Role.values)
        parser.add_argument("--time-zone", default="Europe/London")
        parser.add_argument("--label-set", default=LabelSet.UK, choices=LabelSet.values)
        parser.add_argument("--telephone", default="", help="printed on the patient's sheet")

    def handle(self, *_args: Any, **options: Any) -> None:
        password = os.environ.get("TITRATION_FIRST_PASSWORD") or getpass("Password of the first person: ")
        try:
            self._open(password, options)
        except DomainError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{options['name']} is open; {options['email']} may sign in.")

    @transaction.atomic
    def _open(self, password: str, options: dict[str, Any]) -> None:
        now = timezone.now()
        clinic = open_clinic(
            name=options["name"],
            time_zone=options["time_zone"],
            label_set=options["label_set"],
            telephone=options["telephone"],
            now=now,
        )
        add_member(
            clinic=clinic,
            email=options["email"],
            full_name=options["person"],
            role=options["role"],
            is_clinic_admin=True,
            password=password,
            now=now,
        )
