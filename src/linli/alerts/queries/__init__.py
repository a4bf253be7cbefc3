from linli.alerts.queries.lists import alerts_json, open_pins
from linli.alerts.queries.past import open_at
from linli.alerts.queries.record import AlertCard, TraceLine, alerts_of_case, card, readings_of

__all__ = ["AlertCard", "TraceLine", "alerts_json", "alerts_of_case", "card", "open_at", "open_pins", "readings_of"]
