"""From where a request comes: the server's own peer, or behind our proxy the address that the proxy saw.

A client may send any X-Forwarded-For; only its last entry was written by our own proxy.
"""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """An IP address, or None where there is none (a test's own request, a socket)."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    given = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(given))
    except ValueError:
        return None
