"""One answer of each kind, as production gives it behind its proxy."""

from typing import Any

from django.db import connection

from tests.abuse.scratch_site import HTTPS, Site


def scenario(site: Site) -> dict[str, Any]:
    client, page = site.client, site.url("patient")
    visitor = type(client)(raise_request_exception=False)
    answers = {
        "200": client.get("/guidance/", headers=HTTPS),
        "200 patient": client.get(page, headers=HTTPS),
        "302": visitor.get(page, headers=HTTPS),
        "400": client.get(page, headers={**HTTPS, "host": "evil.example"}),
        "403": type(client)(enforce_csrf_checks=True).post("/sign-out/", headers=HTTPS),
        "404": client.get("/nowhere/", headers=HTTPS),
        "405": client.generic("TRACE", page, headers=HTTPS),
        "413": client.post(page, "", content_type="text/plain", headers={**HTTPS, "content-length": "30000000"}),
        "200 static": client.get("/static/css/tokens.css", headers=HTTPS),
        "404 static": client.get("/static/css/none.css", headers=HTTPS),
        "200 health": client.get("/healthz", headers=HTTPS),
    }
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE titration_flag RENAME TO titration_flag_gone")
    answers["500"] = client.get(page, headers=HTTPS)
    told = {name: {"status": each.status_code, "headers": dict(each.headers)} for name, each in sorted(answers.items())}
    return {"answers": told, "page": answers["200 patient"].content.decode()}
