"""How somebody wants to be reached (通知设置): channels, addresses, quiet hours."""

from datetime import time
from typing import Any, Final

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from linli.kernel.errors import DomainError, Invalid
from linli.notices import actions as notices
from linli.notices import policy
from linli.notices.domain.channels import Channel
from linli.notices.pages.inbox import frame
from linli.notices.queries.setup import is_set_up
from linli.notices.queries.texts import language_of
from linli.notices.queries.ways import Shown, ways_of

NAMES: Final = {Channel.EMAIL: _("E-mail"), Channel.SMS: _("Text message"), Channel.WEBHOOK: _("Webhook")}
HINTS: Final = {Channel.EMAIL: _("Your e-mail address"), Channel.SMS: _("Your mobile number"),
                Channel.WEBHOOK: _("The address of your program, beginning with https://")}


class WayForm(forms.Form):
    """Where and when one channel may reach somebody."""

    to = forms.CharField(required=False, max_length=500, strip=True)
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    quiet_to = forms.TimeField(label=_("Quiet until"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))


@sensitive_post_parameters("to")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ways(request: HttpRequest) -> HttpResponse:
    """Show the channels with what is set, or change one of them."""
    if request.method != "POST":
        return _show(request)
    channel = _channel(request.POST.get("channel", ""))
    if "remove" in request.POST:
        notices.remove_way(channel, actor=request.actor)
        return redirect("notice-settings")
    form = WayForm(request.POST, prefix=channel.value)
    if not form.is_valid():
        return _show(request, wrong=form, at=channel, status=422)
    try:
        secret = notices.change_way(channel, form.cleaned_data["to"], quiet_from=form.cleaned_data["quiet_from"],
                                    quiet_to=form.cleaned_data["quiet_to"], language=language_of(get_language()),
                                    actor=request.actor)
    except DomainError as error:
        form.add_error("to", gettext(error.message).format(**error.params))
        return _show(request, wrong=form, at=channel, status=error.status)
    return _show(request, secret=secret) if secret else redirect("notice-settings")


def _show(request: HttpRequest, *, wrong: WayForm | None = None, at: Channel | None = None, secret: str = "",
          status: int = 200) -> HttpResponse:
    known = ways_of(policy.require_person(request.actor))
    rows: list[dict[str, Any]] = [
        {"channel": channel.value, "name": NAMES[channel], "hint": HINTS[channel], "known": known.get(channel),
         "form": wrong if wrong is not None and at is channel else _form(channel, known.get(channel))}
        for channel in Channel if is_set_up(channel)
    ]
    return render(request, "notices/settings.html", {"rows": rows, "secret": secret, **frame(request.actor)},
                  status=status)


def _form(channel: Channel, known: Shown | None) -> WayForm:
    return WayForm(prefix=channel.value, initial={"quiet_from": known.quiet_from if known else time(22),
                                                  "quiet_to": known.quiet_to if known else time(7)})


def _channel(word: str) -> Channel:
    if word not in set(Channel):
        raise Invalid("notices.no_such_channel", "There is no such channel.", field="channel")
    return Channel(word)
