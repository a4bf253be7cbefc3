"""How passwords are kept (密码存储)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at twice the cost that OWASP names as least (46 MiB, one pass), in one thread of its own request.

    Memory is bounded by the web part's threads: four of them use 184 MiB at most.
    """

    time_cost = 2
    memory_cost = 46 * 1024
    parallelism = 1
