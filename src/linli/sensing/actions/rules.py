import math
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid, NotFound
from linli.sensing import policy
from linli.sensing.domain import faults, rule_text
from linli.sensing.models import Datastream, Rule, Thing


@transaction.atomic
def change_rule(name: str, definition: Mapping[str, Any], *, actor: Actor) -> int:
    """Give a rule new marks and return its new version (修改规则); ingest follows within seconds.

    Levels that are on stay on until the new marks say otherwise.
    """
    policy.require_operator(actor, [""])
    rule = Rule.objects.select_for_update().filter(name=name).first()
    if rule is None:
        raise _no_such_rule()
    _check(definition)
    before = rule.definition
    rule.definition = dict(definition)
    rule.version += 1
    rule.save(update_fields=["definition", "version"])
    audit.record("sensing.change_rule", actor=actor, target=f"rule:{name}", version=rule.version, before=before)
    return rule.version


@transaction.atomic
def set_rule(code: str, metric: str, rule_name: str | None, *, actor: Actor) -> None:
    """Put one metric of a device under another rule, or under none (更换规则)."""
    thing, stream = _stream(code, metric)
    policy.require_operator(actor, [thing.area_code])
    rule = Rule.objects.filter(name=rule_name).first() if rule_name else None
    if rule_name and rule is None:
        raise _no_such_rule()
    stream.rule = rule
    stream.save(update_fields=["rule"])
    audit.record("sensing.set_rule", actor=actor, target=f"thing:{code}", metric=metric, rule=rule_name)


@transaction.atomic
def set_base_line(code: str, metric: str, value: float | None, *, actor: Actor) -> None:
    """Say what one metric of a device measures when all is well (设定基线); None = not known any more.

    Marks counted from it follow within seconds; levels that are on stay on until a reading says otherwise.
    """
    if value is not None and not math.isfinite(value):
        raise Invalid("sensing.bad_base_line", "A base-line is a finite number.", field="value")
    thing, stream = _stream(code, metric)
    policy.require_operator(actor, [thing.area_code])
    before, stream.base_line = stream.base_line, value
    stream.save(update_fields=["base_line"])
    audit.record("sensing.set_base_line", actor=actor, target=f"thing:{code}", metric=metric, before=before,
                 value=value)  # fmt: skip


def _stream(code: str, metric: str) -> tuple[Thing, Datastream]:
    thing = Thing.objects.filter(code=code).first()
    stream = Datastream.objects.select_for_update().filter(thing=thing, metric=metric).first() if thing else None
    if thing is None or stream is None:
        raise NotFound("sensing.no_such_thing", "There is no such device.")
    return thing, stream


def _check(definition: Mapping[str, Any]) -> None:
    if isinstance(definition, Mapping) and definition.get("kind") == "device":
        faults.condition_of(definition)
    else:
        rule_text.parse(definition)


def _no_such_rule() -> NotFound:
    return NotFound("sensing.no_such_rule", "There is no such rule.")
