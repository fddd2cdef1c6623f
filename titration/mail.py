"""Mail goes out after the answer: how long a mail server takes must not tell whether an address is known.

One thread a worker; what is lost with a killed worker is asked for again. Errors are logged by their class alone.
"""

import logging
import smtplib
from concurrent.futures import Future, ThreadPoolExecutor

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def send_soon(message: EmailMessage) -> Future[None]:
    return _sender.submit(_send, message)


def wait_for_mail() -> None:
    """Until everything handed over so far is sent."""
    _sender.submit(lambda: None).result()


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, smtplib.SMTPException):
        logger.exception("A mail could not be sent.")
