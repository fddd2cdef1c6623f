"""The server restarts between two requests, then in the middle of a write, then stays away for a while."""

from typing import Any
from uuid import uuid4

from django.db import close_old_connections
from django.test import Client

from tests.abuse.own_postgresql import OwnPostgresql
from tests.abuse.scratch_site import HTTPS, Site
from titration.models import AuditEvent, ResponseScore
from titration.services.audit import broken_links


def scenario(site: Site) -> dict[str, Any]:
    url, folder, port = site.arguments
    from pathlib import Path

    server = OwnPostgresql(url, Path(folder), int(port))
    told: dict[str, Any] = {"before": _save(site)}
    server.restart()
    told["after_restart"] = [_save(site), _read(site), _save(site)]
    server.stop()
    refused = _sent(site, fields := _score())
    told["while_gone"] = [refused.status_code, refused.headers.get("Retry-After"), _read(site)]
    told["kept"] = "typed words" in refused.content.decode()
    told["health"] = Client().get("/healthz", headers=HTTPS).status_code
    server.start()
    told["sent_again"] = [_sent(site, fields).status_code for _ in range(2)]
    told["rows"] = ResponseScore.objects.count()
    told["audited"] = AuditEvent.objects.filter(action="scores.recorded").count()
    told["breaks"] = sum(1 for _ in broken_links())
    return told


def _score() -> dict[str, str]:
    return {"key": str(uuid4()), "spasticity": "4", "at": "2026-01-02T10:00", "note": "typed words"}


def _save(site: Site) -> int:
    return _sent(site, _score()).status_code


def _sent(site: Site, fields: dict[str, str]) -> Any:
    """As the server does and the test browser leaves out: a dead connection is not kept for the next request."""
    close_old_connections()
    return site.post("log_response", fields)


def _read(site: Site) -> int:
    close_old_connections()
    return site.get("patient").status_code
