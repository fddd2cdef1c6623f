"""Mail on the server's terminal, to be read and copied by a person: a link stays whole on one line.

Django's own prints what would travel, where long lines are cut and marked.
"""

from django.core.mail import EmailMessage
from django.core.mail.backends import console

RULE = "-" * 79


class EmailBackend(console.EmailBackend):
    """Used where no mail server is named: the demo, development, and a server that is being set up."""

    def write_message(self, message: EmailMessage) -> None:
        head = (f"To: {', '.join(message.to)}", f"From: {message.from_email}", f"Subject: {message.subject}")
        self.stream.write("\n".join((*head, "", str(message.body).rstrip(), RULE, "")))
