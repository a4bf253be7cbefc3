from uuid import UUID

from django.db import transaction

from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import NotAllowedNow, NotFound
from linli.notices import policy
from linli.notices.domain.channels import UNDELIVERED, State
from linli.notices.models import Delivery


@transaction.atomic
def send_again(delivery_id: UUID, *, actor: Actor) -> None:
    """Send once more what was given up or is in doubt (再次发送): a person's own decision, kept in the trail.

    Raises: NotFound for all but the operator, NotAllowedNow if it stands otherwise by now.
    """
    policy.require_operator(actor)
    with audit.acting(Actor.system("notices")):
        delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
        if delivery is None:
            raise NotFound("notices.no_such_delivery", "There is no such delivery.")
        before = State(delivery.state)
        if before not in UNDELIVERED:
            raise NotAllowedNow("notices.not_undelivered", "It stands otherwise by now: please look again.",
                                state=before.value)
        delivery.state, delivery.due_at, delivery.attempts = State.QUEUED.value, clock.now(), 0
        delivery.claimed_by, delivery.reason = None, ""
        delivery.save()
        audit.record("notices.send_again", actor=actor, target=f"delivery:{delivery_id}", before=before.value)
