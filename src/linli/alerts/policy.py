from linli.alerts.models import Alert, AlertQuerySet
from linli.kernel.actor import Actor


def visible_alerts(actor: Actor) -> AlertQuerySet:
    """Return the alerts this actor may see (可见预警); what is not among them does not exist for it."""
    return Alert.objects.visible_to(actor)
