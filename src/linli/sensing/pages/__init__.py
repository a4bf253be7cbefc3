from linli.sensing.pages.quarantine import quarantine
from linli.sensing.pages.readings import readings, readings_csv
from linli.sensing.pages.thing import chart, thing
from linli.sensing.pages.things import pins, things

__all__ = ["chart", "pins", "quarantine", "readings", "readings_csv", "thing", "things"]
