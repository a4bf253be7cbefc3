"""Every write of sensing (物联感知操作): devices, rules, kits; readings are written by `linli_ingest`."""

from linli.sensing.actions.adoption import NewThing, adopt, adopt_many, replay_quarantined
from linli.sensing.actions.kits import change_profile, load_kits
from linli.sensing.actions.rules import change_rule, set_base_line, set_rule
from linli.sensing.actions.watching import listened_since, look_at_readings

__all__ = [
    "NewThing",
    "adopt",
    "adopt_many",
    "change_profile",
    "change_rule",
    "listened_since",
    "load_kits",
    "look_at_readings",
    "replay_quarantined",
    "set_base_line",
    "set_rule",
]
