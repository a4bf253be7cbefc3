import json
from collections.abc import Collection, Mapping
from functools import cache
from typing import Final

from django.conf import settings

from linli.kernel import presets
from linli.notices.domain import templates
from linli.notices.domain.recipients import Fact
from linli.notices.domain.templates import Said, Template

OWN: Final = "notices.json"


@cache
def all_templates() -> Mapping[str, Template]:
    """Return every template by name (全部模板): those shipped, and in their place those of the deploying city.

    Raises: ValueError naming every fault, so that Linli does not start with a notice that could not be said.
    """
    rows = {row["name"]: row for row in presets.read("notices")}
    own = settings.LINLI_HOME / OWN
    if own.is_file():
        rows |= {row["name"]: row for row in json.loads(own.read_text("utf-8"))}
    return templates.read(rows.values())


def require_templates(names: Collection[str], facts: Collection[str]) -> None:
    """Refuse to start if a template is missing, or asks for a fact that it will not be told (模板校验).

    Raises: ValueError naming each.
    """
    templates.require(all_templates(), names, facts)


def say(template: str, facts: Mapping[str, Fact], language: str) -> Said | None:
    """Return a notice in words; None where its template is gone or asks for more than was told at the time."""
    found = all_templates().get(template)
    return None if found is None or templates.missing(found, facts) else found.say(facts, language)


def language_of(code: str | None) -> str:
    """Return the language in which notices speak to a reader of `code`, such as `en-us`: `en`, else `zh`."""
    return "en" if (code or "").startswith("en") else "zh"
