"""Every request about a patient leaves a row in the audit; one that cannot be recorded shows nothing, but for reads
and refusals while the database can be read and not written, whose rows follow.

The middleware stands innermost and looks at the answer. Where a service already recorded what was done, nothing is
added; else it was a read, or a refusal. An address with a patient's id in it is about that patient, whoever added it;
the others stand in one of two tables, and a test fails on an address in neither.
"""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from titration.models import Membership
from titration.services.access import Asked
from titration.services.audit import heard_events
from titration.services.late_reads import record_read_or_keep, record_refusal_or_keep

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Addresses without a patient's id that show patients, or the record of who saw them.
READS = {
    "worklist": "worklist.read",
    "find_patients": "search.read",
    "audit": "audit.read",
    "audit_export": "audit.exported",
}

# Addresses that show no patient: the reason. A refusal there is recorded all the same.
NOT_ABOUT_A_PATIENT = {
    "sign_in": "nobody is signed in yet",
    "sign_out": "recorded as a sign-out",
    "guidance": "the monograph and the rules",
    "rule": "one rule with invented cases",
    "new_patient": "an empty form; the registration is recorded",
    "healthz": "whether the server answers",
    "readyz": "whether the record answers",
    "metrics": "counts and times, without labels of patients",
    "statistics": "counts of the whole clinic",
    "clinic_settings": "the clinic's own words; each change is recorded",
    "clinic_preview": "a sheet of nobody",
    "week": "a count; that it was asked for is recorded",
    "week_paper": "a count; each patient that is read for it is recorded",
    "week_fetch": "recorded as an export, each patient in it before",
    "reasons": "a list of words; each change is recorded",
    "reason_rename": "a change, which is recorded",
    "reason_retire": "a change, which is recorded",
}

NOT_ABOUT_A_PATIENT |= dict.fromkeys(
    (
        "account_login", "account_logout", "mfa_authenticate", "join", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
        "well_known_change_password", "signed_in_again", "sign_in_token", "mfa_index", "account_change_password",
        "sessions", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_activate_totp",
        "mfa_deactivate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_remove_webauthn",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    ),
    "signing in and a person's own account; each change is recorded",
)  # fmt: skip
NOT_ABOUT_A_PATIENT |= dict.fromkeys(
    ("people", "member", "member_disable", "member_enable", "member_second_factor", "invitation_revoke"),
    "the people of the clinic; each change is recorded",
)
NOT_ABOUT_A_PATIENT |= dict.fromkeys(
    (
        "templates", "template_new", "template", "template_retire", "template_bring_back", "products", "product_add",
        "product_retire", "product_bring_back",
    ),
    "the clinic's own plan templates and products; each change is recorded",
)  # fmt: skip
NOT_ABOUT_A_PATIENT["kept_form"] = "what the person who looks has typed and not yet sent"

# The last id of an address says what the page is about.
_OBJECTS = {"plan_id": "plan", "flag_id": "flag"}
REFUSALS = {
    400: "BadRequest",
    403: "PermissionRefused",
    404: "NotFound",
    409: "Conflict",
    413: "TooLarge",
    422: "Invalid",
}
REPEATED = "form.repeated"


class AccessMiddleware:
    """Stands last: what another layer refuses passes through it; where one redirects, the view is not let in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with heard_events() as heard:
            request.heard = heard  # type: ignore[attr-defined]
            response = self.get_response(request)
        if not heard:
            _record(request, response)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        request.is_let_in = True  # type: ignore[attr-defined]


def _record(request: HttpRequest, response: HttpResponseBase) -> None:
    asked = asked_by(request)
    if asked is None or not request.user.is_authenticated:
        return
    who: dict[str, Any] = {"user": request.user, "actor": _member(request), "now": _now(request)}
    if response.status_code in REFUSALS and (asked.action or response.status_code == 403):
        record_refusal_or_keep(asked=asked, refusal=REFUSALS[response.status_code], **who)
    elif response.status_code < 400 and asked.action and _was_shown(request, response):
        detail = getattr(request, "audit_detail", None)
        record_read_or_keep(asked=_as_answered(asked, request, response), detail=detail, **who)


def asked_by(request: HttpRequest) -> Asked | None:
    """None for an address that does not exist. An address that nobody declared counts as a read."""
    match = request.resolver_match
    if match is None:
        return None
    page, ids = match.view_name or "unnamed", match.kwargs
    patient_id = ids.get("patient_id")
    name = next((name for name in _OBJECTS if name in ids), "")
    return Asked(
        page=page,
        action=_action(page, _OBJECTS.get(name, "patient") if patient_id else ""),
        patient_id=patient_id if isinstance(patient_id, UUID) else None,
        object_type=_OBJECTS.get(name, ""),
        object_id=str(ids[name]) if name else "",
    )


def _action(page: str, subject: str) -> str:
    if subject:
        return f"{subject}.read"
    return "" if page in NOT_ABOUT_A_PATIENT else READS.get(page, "page.read")


def _was_shown(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Not where another layer sent the person elsewhere, nor where a page only leads on to one that is recorded."""
    return getattr(request, "is_let_in", False) and not (_leads_on(response) and request.method != "POST")


def _as_answered(asked: Asked, request: HttpRequest, response: HttpResponseBase) -> Asked:
    """A form that was saved before and is sent again shows nothing and writes nothing."""
    if request.method != "POST" or not _leads_on(response) or asked.page in READS:
        return asked
    return Asked(
        page=asked.page,
        action=REPEATED,
        patient_id=asked.patient_id,
        object_type=asked.object_type,
        object_id=asked.object_id,
    )


def _leads_on(response: HttpResponseBase) -> bool:
    return 300 <= response.status_code < 400 or "HX-Redirect" in response.headers


def _member(request: HttpRequest) -> Membership | None:
    """The membership itself: what stands in the request is read on demand."""
    member = getattr(request, "membership", None)
    return cast(Membership, member) if member else None


def _now(request: HttpRequest) -> Any:
    return getattr(request, "now", None) or timezone.now()
