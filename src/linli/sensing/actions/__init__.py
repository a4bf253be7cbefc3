"""Every write of sensing (物联感知操作): devices, rules, kits; readings are written by `linli_ingest`."""

from linli.sensing.actions.adoption import NewThing, adopt, adopt_many, replay_quarantined
from linli.sensing.actions.kits import load_kits
from linli.sensing.actions.rules import change_rule, set_rule

__all__ = ["NewThing", "adopt", "adopt_many", "change_rule", "load_kits", "replay_quarantined", "set_rule"]
