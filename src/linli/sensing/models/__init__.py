"""Tables of sensing (物联感知表): the registry is written here, the readings by `linli_ingest`."""

from linli.sensing.models.feed import Cursor, DeviceStatus, QuarantineCount, Quarantined, Receipt, ReplayRequest
from linli.sensing.models.kit import Kit, KitMetric
from linli.sensing.models.readings import Exceedance, Latest, Observation, RuleState
from linli.sensing.models.rule import Rule
from linli.sensing.models.thing import Datastream, Listening, Steady, Thing

__all__ = [
    "Cursor",
    "Datastream",
    "DeviceStatus",
    "Exceedance",
    "Kit",
    "KitMetric",
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
