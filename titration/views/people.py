"""The people of a clinic, for its administrators: who may do what, since when, and who is let in next."""

from collections.abc import Callable
from uuid import UUID

from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from titration.forms.people import InviteForm, MemberForm
from titration.mail import send_soon
from titration.membership import opens_another_clinic
from titration.models import Invitation, Membership
from titration.permissions import Action, check_can
from titration.selectors.people import get_invitation, get_member, open_invitations, people_of
from titration.services.people import (
    GUARDS_ANOTHER,
    change_member,
    disable_member,
    enable_member,
    invitation_token,
    invite,
    remove_second_factor,
    revoke_invitation,
)
from titration.views.answers import attempt, saved, show
from titration.views.desk import FORM, WRITES, ClinicRequest, clinic_page

INITIAL = {"role": "nurse"}
MEMBER_ACTS: dict[str, tuple[Callable[..., Membership], str]] = {
    "disable": (disable_member, "{name} is disabled and signed out everywhere."),
    "enable": (enable_member, "{name} may sign in again."),
    "remove_second_factor": (remove_second_factor, "{name} sets up a new second factor at the next sign-in."),
}


@clinic_page(*FORM)
def people(request: ClinicRequest) -> HttpResponse:
    """GET: the list. POST: one more invitation, sent by mail."""
    check_can(request.membership, Action.MANAGE_CLINIC)
    if request.method != "POST":
        return _page(request, InviteForm(initial=INITIAL, label_suffix=""))
    form = InviteForm(request.POST, label_suffix="")
    tried = attempt(form, lambda: invite(actor=request.membership, now=request.now, **form.cleaned_data))
    if tried.row is None:
        return _page(request, form, status=tried.status)
    _send(request, tried.row)
    return saved(request, reverse("people"), f"The invitation is on its way to {tried.row.email}.")


@clinic_page(*FORM)
def member(request: ClinicRequest, member_id: UUID) -> HttpResponse:
    """GET: one person. POST: role and admin bit."""
    check_can(request.membership, Action.MANAGE_CLINIC)
    row = get_member(request.membership, member_id)
    if request.method != "POST":
        initial = {"role": row.role, "is_clinic_admin": row.is_clinic_admin}
        return _member_page(request, row, MemberForm(initial=initial, label_suffix=""))
    form = MemberForm(request.POST, label_suffix="")
    tried = attempt(
        form, lambda: change_member(actor=request.membership, member=row, now=request.now, **form.cleaned_data)
    )
    if tried.row is not None:
        return saved(request, reverse("people"), f"{row.user.full_name}: the change holds from now on.")
    return _member_page(request, row, form, status=tried.status)


@clinic_page(*WRITES)
def member_act(request: ClinicRequest, member_id: UUID, act: str) -> HttpResponse:
    """One of MEMBER_ACTS."""
    check_can(request.membership, Action.MANAGE_CLINIC)
    row = get_member(request.membership, member_id)
    write, done = MEMBER_ACTS[act]
    write(actor=request.membership, member=row, now=request.now)
    return saved(request, reverse("people"), done.format(name=row.user.full_name))


@clinic_page(*WRITES)
def invitation_revoke(request: ClinicRequest, invitation_id: UUID) -> HttpResponse:
    check_can(request.membership, Action.MANAGE_CLINIC)
    row = get_invitation(request.membership, invitation_id)
    revoke_invitation(actor=request.membership, invitation=row, now=request.now)
    return saved(request, reverse("people"), "The invitation is revoked; its link is no longer good.")


def _member_page(request: ClinicRequest, row: Membership, form: MemberForm, status: int = 200) -> HttpResponse:
    guarded = GUARDS_ANOTHER if opens_another_clinic(row) else ""
    return show(request, "people/member.html", {"member": row, "form": form, "guarded": guarded}, status=status)


def _page(request: ClinicRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "members": people_of(request.membership),
        "invitations": open_invitations(request.membership, request.now),
    }
    return show(request, "people/list.html", context, status=status)


def _send(request: ClinicRequest, invitation: Invitation) -> None:
    link = request.build_absolute_uri(reverse("join", args=[invitation_token(invitation)]))
    words = render_to_string("people/invitation.txt", {"invitation": invitation, "link": link})
    send_soon(EmailMessage(subject=f"Invitation to {invitation.clinic.name}", body=words, to=[invitation.email]))
