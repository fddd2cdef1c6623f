"""Signing in and out. The answer is the same for an unknown address and for a wrong password."""

from typing import Any

from allauth.account.views import LoginView
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from titration.domain.guidance import load_guidance


class SignIn(LoginView):
    """The sign-in page; someone who is signed in goes on to where they were going."""

    template_name = "registration/sign_in.html"
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        guidance = load_guidance()
        shown: dict[str, Any] = super().get_context_data(
            **context,
            next=self.get_next_url(),
            guidance_version=guidance.version,
            guidance_reviewed=guidance.reviewed_on,
        )
        return shown


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view(http_method_names=["post"])


@require_safe
def well_known_change(_request: HttpRequest) -> HttpResponse:
    """Where a password manager looks for the page on which a password is changed."""
    return HttpResponseRedirect(reverse("account_change_password"))
