"""Mail on the terminal is for people: what it links to can be copied."""

from io import StringIO

from django.core.mail import EmailMessage

from titration.console import EmailBackend


def test_a_long_link_stays_whole_on_one_line() -> None:
    link = f"http://localhost:8000/join/{'Aa0' * 60}/"
    message = EmailMessage("Invitation", f"Open this link:\n\n{link}\n", "clinic@localhost", ["n.nurse@clinic.example"])
    stream = StringIO()
    assert EmailBackend(stream=stream).send_messages([message]) == 1
    lines = stream.getvalue().splitlines()
    assert link in lines
    assert "To: n.nurse@clinic.example" in lines
    assert "Subject: Invitation" in lines
