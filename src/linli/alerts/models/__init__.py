from linli.alerts.models.alert import Alert, AlertQuerySet
from linli.alerts.models.trace import Cursor, Trace

__all__ = ["Alert", "AlertQuerySet", "Cursor", "Trace"]
