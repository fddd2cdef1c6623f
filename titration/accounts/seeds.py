"""The seeds of one-time and recovery codes are kept encrypted, under a key derived from the secret key.

The newest key encrypts; the older ones (SECRET_KEY_FALLBACKS) still decrypt, and `manage.py renew_seeds` encrypts
everything anew, so that an old key can be thrown away. A seed that no key opens yields a random one: no code fits it.
"""

import logging
from base64 import b32encode, urlsafe_b64encode
from secrets import token_bytes

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

logger = logging.getLogger(__name__)


def locker(purpose: str) -> MultiFernet:
    """Opens what was locked with any known secret key for this purpose alone."""
    return MultiFernet(
        [Fernet(_key(secret, purpose)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def lock_seed(text: str) -> str:
    return locker("second factor").encrypt(text.encode()).decode()


def open_seed(locked: str) -> str:
    try:
        return locker("second factor").decrypt(locked.encode()).decode()
    except InvalidToken:
        logger.error("A second factor was stored under a key that is not known any more.")
        return b32encode(token_bytes(20)).decode()


def renewed(locked: str) -> str:
    """The same seed under the newest key. Raises InvalidToken when no key opens it."""
    return locker("second factor").rotate(locked.encode()).decode()


def _key(secret: str, purpose: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"titration {purpose}".encode())
    return urlsafe_b64encode(derive.derive(secret.encode()))
