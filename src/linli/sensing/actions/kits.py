from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.db import transaction

from linli.audit import actions as audit
from linli.kernel import presets
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.sensing import policy
from linli.sensing.domain import faults, kit
from linli.sensing.domain.kit import KitRow, ProfileRow, RuleRow
from linli.sensing.models import Kit, KitMetric, Rule


@transaction.atomic
def load_kits(*, actor: Actor) -> int:
    """Add the shipped kits and rules that are not there yet (载入套件); return how many metrics are new.

    What the deploying city has changed stays as it is.
    """
    policy.require_operator(actor, [""])
    profiles, rows = _shipped()
    Kit.objects.bulk_create((_profile(row) for row in profiles), ignore_conflicts=True)
    Rule.objects.bulk_create((_device_rule(row) for row in presets.read("device_faults")), ignore_conflicts=True)
    known = set(KitMetric.objects.values_list("kit", "metric"))
    fresh = [row for row in rows if (row.kit, row.metric) not in known]
    rules = {row.rule.name: _rule(row, row.rule) for row in fresh if row.rule}
    Rule.objects.bulk_create(rules.values(), ignore_conflicts=True)
    ids = dict(Rule.objects.filter(name__in=rules).values_list("name", "id"))
    KitMetric.objects.bulk_create(_metric(row, ids) for row in fresh)
    if fresh:
        audit.record("sensing.load_kits", actor=actor, target="kits", metrics=len(fresh))
    return len(fresh)


@transaction.atomic
def change_profile(kit_code: str, *, actor: Actor, heartbeat_s: float, missed_heartbeats: int,
                   fault_case_after_s: float) -> None:
    """Say anew how often devices of a kit speak, and when a silent one becomes a case (修改设备画像)."""
    policy.require_operator(actor, [""])
    kit.check_profile(heartbeat_s, missed_heartbeats, fault_case_after_s)
    found = Kit.objects.select_for_update().filter(pk=kit_code).first()
    if found is None:
        raise NotFound("sensing.no_such_kit", "There is no kit {kit}.", kit=kit_code)
    before = {"heartbeat_s": found.heartbeat_s, "missed_heartbeats": found.missed_heartbeats,
              "fault_case_after_s": found.fault_case_after_s}  # fmt: skip
    found.heartbeat_s, found.missed_heartbeats = heartbeat_s, missed_heartbeats
    found.fault_case_after_s = fault_case_after_s
    found.save(update_fields=list(before))
    audit.record("sensing.change_profile", actor=actor, target=f"kit:{kit_code}", before=before,
                 heartbeat_s=heartbeat_s, missed_heartbeats=missed_heartbeats, fault_case_after_s=fault_case_after_s)


def _shipped() -> tuple[list[ProfileRow], list[KitRow]]:
    files = [kit.read_file(presets.read(f"kits/{path.stem}"))
             for path in sorted((presets.folder() / "kits").glob("*.json"))]  # fmt: skip
    return [row for profiles, _ in files for row in profiles], [row for _, metrics in files for row in metrics]


def _profile(row: ProfileRow) -> Kit:
    return Kit(code=row.kit, **{field.name: getattr(row, field.name) for field in fields(row) if field.name != "kit"})


def _device_rule(row: Mapping[str, Any]) -> Rule:
    faults.condition_of(row["definition"])
    return Rule(**{name: value for name, value in row.items() if name != "version"})


def _rule(row: KitRow, rule: RuleRow) -> Rule:
    return Rule(name=rule.name, name_zh=rule.name_zh, name_en=rule.name_en, definition=dict(rule.definition),
                category=rule.category, case_from_level=rule.case_from_level, scheme=row.scheme, source=row.source,
                verified=row.verified)  # fmt: skip


def _metric(row: KitRow, rule_ids: dict[str, int]) -> KitMetric:
    least, greatest = row.range or (None, None)
    return KitMetric(kit=row.kit, metric=row.metric, name_zh=row.name_zh, name_en=row.name_en,
                     unit_of_measurement=row.unit, ucum=row.ucum, rule_id=rule_ids[row.rule.name] if row.rule else None,
                     least=least, greatest=greatest, sampling_s=row.sampling_s, occasional=row.occasional,
                     may_stay_s=row.may_stay_s, wraps_at=row.wraps_at, base_line_zh=row.base_line_zh,
                     base_line_en=row.base_line_en, scheme=row.scheme, version=row.version, source=row.source,
                     verified=row.verified)  # fmt: skip
