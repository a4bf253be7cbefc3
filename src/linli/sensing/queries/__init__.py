"""What others may read of sensing (物联感知查询); each answer shows what the open scope shows."""

from linli.sensing.queries.clocks import ahead_of_ours
from linli.sensing.queries.exceedances import ExceedanceRow, exceedances_after
from linli.sensing.queries.faults import FaultRow, fault_rules, faults, fleet_sizes
from linli.sensing.queries.heard import Heard, heard_of
from linli.sensing.queries.names import rules
from linli.sensing.queries.quarantine import HeldDevice, ReplayState, held_devices, refusals, replay_state
from linli.sensing.queries.series import Series, SeriesPoint, series
from linli.sensing.queries.things import StreamCard, ThingCard, thing_card

__all__ = [
    "ExceedanceRow",
    "FaultRow",
    "Heard",
    "HeldDevice",
    "ReplayState",
    "Series",
    "SeriesPoint",
    "StreamCard",
    "ThingCard",
    "ahead_of_ours",
    "exceedances_after",
    "fault_rules",
    "faults",
    "fleet_sizes",
    "heard_of",
    "held_devices",
    "refusals",
    "replay_state",
    "rules",
    "series",
    "thing_card",
]
