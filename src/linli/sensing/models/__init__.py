"""Tables of sensing (物联感知表): the registry is written here, the readings by `linli_ingest`."""

from linli.sensing.models.feed import Cursor, DeviceStatus, QuarantineCount, Quarantined, Receipt, ReplayRequest
from linli.sensing.models.kit import Kit, KitMetric
from linli.sensing.models.readings import Exceedance, LateArrival, Latest, Observation, RuleState
from linli.sensing.models.rule import Rule
from linli.sensing.models.thing import ClockDoubt, Datastream, Listening, Steady, Thing

__all__ = [
    "ClockDoubt",
    "Cursor",
    "Datastream",
    "DeviceStatus",
    "Exceedance",
    "Kit",
    "KitMetric",
    "LateArrival",
    "Latest",
    "Listening",
    "Observation",
    "QuarantineCount",
    "Quarantined",
    "Receipt",
    "ReplayRequest",
    "Rule",
    "RuleState",
    "Steady",
    "Thing",
]
