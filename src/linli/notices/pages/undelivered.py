"""What did not arrive, for the operator (未送达): reason, and one deliberate sending again."""

from typing import Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.notices import actions as notices
from linli.notices import policy, queries
from linli.notices.domain.channels import Channel
from linli.notices.pages.inbox import frame
from linli.notices.pages.ways import NAMES

SHOWN: Final = 200
UNREACHED_SHOWN: Final = 50
STATES: Final = {
    "queued": pgettext_lazy("delivery", "To go out"), "held": pgettext_lazy("delivery", "Held in quiet hours"),
    "sending": pgettext_lazy("delivery", "On its way"), "sent": pgettext_lazy("delivery", "Sent"),
    "failed": pgettext_lazy("delivery", "Not delivered"), "unsure": pgettext_lazy("delivery", "In doubt"),
    "withdrawn": pgettext_lazy("delivery", "Withdrawn"),
}
REASONS: Final = {
    "interrupted": _("Broke off in the middle: it may have arrived."),
    "channel_off": _("This channel is not set up."),
    "template_gone": _("Its words are not known any more."),
    "notices.webhook_inside": _("The address leads inside."),
    "smtp_sign_in": _("The mail server refuses the account."),
}


@never_cache
@login_required
@require_safe
def undelivered(request: HttpRequest) -> HttpResponse:
    """Show what was given up or is in doubt, and how each channel stands."""
    policy.require_operator(request.actor)
    return render(request, "notices/undelivered.html", {
        "rows": [(row, NAMES[Channel(row.channel)], STATES[row.state], REASONS.get(row.reason, row.reason))
                 for row in queries.undelivered(most=SHOWN)],
        "unreached": queries.unreached_lately(most=UNREACHED_SHOWN),
        "tally": [(row, NAMES[Channel(row.channel)], STATES[row.state]) for row in queries.tally()],
        **frame(request.actor),
    })


@login_required
@require_POST
def again(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Send one once more."""
    notices.send_again(delivery_id, actor=request.actor)
    return redirect("undelivered")
