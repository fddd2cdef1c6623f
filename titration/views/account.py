"""A person's own account: where they are signed in, a form that an ended session kept, and joining by invitation."""

from typing import Any
from uuid import UUID

from allauth.mfa.base.views import IndexView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from titration.accounts.kept import forget_form, kept_form
from titration.domain.errors import DomainError
from titration.forms.people import JoinForm
from titration.models import Invitation
from titration.selectors.people import person_with, sessions_of
from titration.services.people import accept_invitation, end_own_session, open_invitation
from titration.views.desk import status_of


class Account(IndexView):
    """The second factor, the password and the devices of the person who looks."""

    http_method_names = ["get", "head"]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().get_context_data(**context, must_set_up=settings.SECOND_FACTOR_REQUIRED)
        return shown


account = Account.as_view()


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """GET: where this person is signed in. POST: one of them, or all but this one, ends."""
    if request.method == "POST":
        end_own_session(
            user=request.user,  # type: ignore[arg-type]
            this_key=request.session.session_key,
            which=request.POST.get("session", ""),
            now=timezone.now(),
        )
        messages.success(request, "Signed out there.")
        return HttpResponseRedirect(reverse("sessions"))
    since = timezone.now() - settings.SESSION_IDLE
    rows = sessions_of(request.user, request.session.session_key, since=since)  # type: ignore[arg-type]
    zone = request.membership.clinic.zone if request.membership else timezone.get_current_timezone()  # type: ignore[attr-defined]
    with timezone.override(zone):
        return render(request, "account/sessions.html", {"sessions": rows})


@require_safe
def signed_in_again(request: HttpRequest) -> HttpResponse:
    return render(request, "account/signed_in_again.html")


@require_safe
def sign_in_token(request: HttpRequest) -> HttpResponse:
    """For a page that outlived its session: who is signed in now, and the token its forms need."""
    return JsonResponse({"person": request.user.pk, "token": get_token(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: HttpRequest, kept_id: UUID) -> HttpResponse:
    """GET: what was sent in a session that had ended, to be sent again. POST: throw it away.

    Not for whoever works in no clinic any more: what they typed is about a patient.
    """
    if request.method == "POST":
        forget_form(kept_id)
        messages.success(request, "What you had typed is thrown away.")
        return HttpResponseRedirect(reverse("worklist"))
    form = kept_form(kept_id, request.user.pk or 0) if request.membership else None  # type: ignore[attr-defined]
    if form is None:
        raise Http404
    shown = [(name.replace("_", " "), text) for name, text in form.fields if name not in ("key",) and text]
    return render(request, "account/kept.html", {"form": form, "shown": shown, "kept_id": kept_id})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation's link: name and password for a new person, one button for one who has an account."""
    try:
        invitation = open_invitation(token, timezone.now())
    except DomainError as refusal:
        return render(request, "people/no_invitation.html", {"sentence": refusal.sentence}, status=410)
    if person_with(invitation.email) is not None:
        return _join_with_account(request, invitation)
    form = JoinForm(request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_valid() and _joined(invitation, form):
        messages.success(request, "Your account is ready. Sign in with it.")
        return HttpResponseRedirect(reverse("sign_in"))
    context = {"invitation": invitation, "form": form}
    return render(request, "people/join.html", context, status=422 if form.is_bound else 200)


def _joined(invitation: Invitation, form: JoinForm) -> bool:
    try:
        accept_invitation(
            invitation=invitation, full_name=form.cleaned_data["full_name"], password=form.cleaned_data["password1"],
            now=timezone.now(),
        )  # fmt: skip
    except DomainError as refusal:
        form.add_error("password1" if "password" in refusal.sentence.lower() else None, refusal.sentence)
        return False
    return True


def _join_with_account(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    is_theirs = request.user.is_authenticated and request.user.email == invitation.email
    context = {"invitation": invitation, "is_theirs": is_theirs}
    if request.method != "POST" or not is_theirs:
        return render(
            request, "people/join_with_account.html", context, status=200 if request.method != "POST" else 403
        )
    try:
        accept_invitation(
            invitation=invitation,
            full_name="",
            password="",
            now=timezone.now(),
            user=request.user,  # type: ignore[arg-type]
        )
    except DomainError as refusal:
        return render(request, "people/no_invitation.html", {"sentence": refusal.sentence}, status=status_of(refusal))
    messages.success(request, f"You work for {invitation.clinic.name} too.")
    return HttpResponseRedirect(reverse("worklist"))
