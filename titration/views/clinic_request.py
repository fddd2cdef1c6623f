"""The request as every page of a clinic gets it, with what was read of it once."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from titration.models import Membership, SubmissionKey


class ClinicRequest(HttpRequest):
    """A request of a member of a clinic. today is the day in the clinic's zone at now.

    repeats: the forms of this request that were saved before and came again with the same content.
    audit_detail: what the audit keeps of a page that shows several patients; ids and counts.
    """

    membership: Membership
    now: datetime
    today: date
    htmx: HtmxDetails
    repeats: list[SubmissionKey]
    audit_detail: dict[str, Any]
