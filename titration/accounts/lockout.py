"""What the throttle of wrong passwords goes by: the typed address and where it comes from, together.

So a clinic behind one network address is not locked out by one person's typing, and nobody far away can lock a person
out of their own clinic. The same answer is given for an address that nobody has.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from titration.accounts.address import client_address

NO_ADDRESS = "0.0.0.0"  # noqa: S104 - stands for a peer without an address; nothing is bound


def typed_email(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    given = (credentials or {}).get("email") or (credentials or {}).get("username")
    return str(given or (request.POST.get("login", "") if request else "")).strip().lower()[:254]


def peer(request: HttpRequest) -> str:
    return client_address(request) or NO_ADDRESS


def locked_out(request: HttpRequest, _response: HttpResponse | None, _credentials: Any) -> HttpResponse:
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    answer = render(request, "account/locked.html", {"minutes": minutes}, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer
