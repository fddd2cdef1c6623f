"""Password hashing sized for a clinic's server: Django's own Argon2 settings take 100 MiB for each sign-in."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class TunedArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: OWASP's first recommendation for this algorithm."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
