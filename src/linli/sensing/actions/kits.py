from django.db import transaction

from linli.audit import actions as audit
from linli.kernel import presets
from linli.kernel.actor import Actor
from linli.sensing import policy
from linli.sensing.domain import kit
from linli.sensing.domain.kit import KitRow, RuleRow
from linli.sensing.models import KitMetric, Rule


@transaction.atomic
def load_kits(*, actor: Actor) -> int:
    """Add the shipped kits and rules that are not there yet (载入套件); return how many metrics are new.

    What the deploying city has changed stays as it is.
    """
    policy.require_operator(actor, [""])
    rows = [kit.parse(row) for path in sorted((presets.folder() / "kits").glob("*.json"))
            for row in presets.read(f"kits/{path.stem}")]  # fmt: skip
    known = set(KitMetric.objects.values_list("kit", "metric"))
    fresh = [row for row in rows if (row.kit, row.metric) not in known]
    rules = {row.rule.name: _rule(row, row.rule) for row in fresh if row.rule}
    Rule.objects.bulk_create(rules.values(), ignore_conflicts=True)
    ids = dict(Rule.objects.filter(name__in=rules).values_list("name", "id"))
    KitMetric.objects.bulk_create(_metric(row, ids) for row in fresh)
    if fresh:
        audit.record("sensing.load_kits", actor=actor, target="kits", metrics=len(fresh))
    return len(fresh)


def _rule(row: KitRow, rule: RuleRow) -> Rule:
    return Rule(name=rule.name, name_zh=rule.name_zh, name_en=rule.name_en, definition=dict(rule.definition),
                category=rule.category, case_from_level=rule.case_from_level, scheme=row.scheme, source=row.source,
                verified=row.verified)  # fmt: skip


def _metric(row: KitRow, rule_ids: dict[str, int]) -> KitMetric:
    return KitMetric(kit=row.kit, metric=row.metric, name_zh=row.name_zh, name_en=row.name_en,
                     unit_of_measurement=row.unit, rule_id=rule_ids[row.rule.name] if row.rule else None,
                     scheme=row.scheme, version=row.version, source=row.source, verified=row.verified)  # fmt: skip
