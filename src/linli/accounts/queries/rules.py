"""By which rules passwords are judged (密码规则): the shipped ones, or in their place the deploying city's own."""

import json
from functools import cache

from django.conf import settings

from linli.accounts.domain.rules import Rules
from linli.kernel import presets


@cache
def rules() -> Rules:
    """Return the rules of passwords in force (密码规则)."""
    own = settings.LINLI_HOME / "passwords.json"
    return Rules.of(json.loads(own.read_text("utf-8")) if own.is_file() else presets.read("passwords"))
