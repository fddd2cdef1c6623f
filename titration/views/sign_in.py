"""Signing in and out, by Django's own views. The answer is the same for an unknown address and for a wrong password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView

from titration.domain.guidance import load_guidance

_NO_MATCH = "The email and the password do not match. Check both and try again."


class SignInForm(AuthenticationForm):
    """Work email and password. Told in one sentence whatever is wrong."""

    error_messages = {"invalid_login": _NO_MATCH, "inactive": _NO_MATCH}
    username = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Write your work email.",
            "invalid": "Write an email address, such as a.name@clinic.example.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class SignIn(LoginView):
    """The sign-in page; someone who is signed in goes on to where they were going."""

    template_name = "registration/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        guidance = load_guidance()
        return super().get_context_data(
            **context, guidance_version=guidance.version, guidance_reviewed=guidance.reviewed_on
        )


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view(http_method_names=["post"])
