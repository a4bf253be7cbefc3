"""The words of marks and times (用语): levels, stages, roles, spans, moments, in the reader's language."""

from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, npgettext, pgettext
from django.utils.translation import gettext_noop as _

from linli.kernel.level import Level
from linli.kernel.role import Role

MINUTE_S: Final = 60
HOUR_S: Final = 3600
DAY_S: Final = 86_400

LEVELS: Final = {Level.NONE: _("No level"), Level.BLUE: _("Level IV Blue"), Level.YELLOW: _("Level III Yellow"),
                 Level.ORANGE: _("Level II Orange"), Level.RED: _("Level I Red")}
STAGES: Final = {"reported": "Accept", "accepted": "File", "verifying": "Verify", "filed": "Dispatch",
                 "dispatched": "Handle", "handled": "Check", "checked": "Close", "closed": "Closed",
                 "void": "Not filed"}
ROLES: Final = {
    Role.RESIDENT: _("Resident"), Role.GRID: _("Grid worker"), Role.ACCEPTOR: _("Acceptance post"),
    Role.DISPATCHER: _("Dispatch post"), Role.UNIT: _("Handling unit"), Role.CHECKER: _("Checking post"),
    Role.COMMUNITY: _("Community post"), Role.STREET: _("Street duty post"), Role.DISTRICT: _("District command post"),
    Role.EDUCATION: _("Education post"), Role.MEDIATOR: _("Mediation post"), Role.AUDITOR: _("Audit post"),
    Role.OPERATOR: _("Operations post"),
}


def stage_word(state: str) -> str:
    """Return what a case in `state` waits for, in one word (环节)."""
    return pgettext("stage", STAGES[state])


def role_word(role: str) -> str:
    """Return a role in words (岗位)."""
    return gettext(ROLES[Role(role)])


def span(seconds: float) -> str:
    """Return a length of time in its two largest units: 1 时 49 分."""
    whole = max(0, int(seconds))
    if whole < MINUTE_S:
        return gettext("{n} s").format(n=whole)
    if whole < HOUR_S:
        return gettext("{n} min").format(n=whole // MINUTE_S)
    if whole < DAY_S:
        hours, minutes = divmod(whole // MINUTE_S, 60)
        return gettext("{h} h {m} min").format(h=hours, m=minutes) if minutes else gettext("{h} h").format(h=hours)
    days, hours = divmod(whole // HOUR_S, 24)
    said = npgettext("span", "{d} day", "{d} days", days).format(d=days)
    return f"{said} {gettext('{h} h').format(h=hours)}" if hours and days < 7 else said


def age(seconds: float, *, late: bool) -> str:
    """Return how old something is; late is told as lateness."""
    words = page_words()
    kind = "late" if late else "ago"
    for unit, size, most in (("seconds", 1, MINUTE_S), ("minutes", MINUTE_S, HOUR_S), ("hours", HOUR_S, DAY_S)):
        if seconds < most:
            return words[f"{kind}_{unit}"].format(n=max(0, int(seconds // size)))
    return words[f"{kind}_days"].format(n=int(seconds // DAY_S))


def stamp_words(at: datetime, form: str, now: datetime) -> tuple[str, str]:
    """Return a moment as short as today's date allows, and in full."""
    local, today = timezone.localtime(at), timezone.localtime(now)
    full = date_format(local, pgettext("date format", "j M Y, H:i"))
    hour = local.strftime("%H:%M:%S" if form == "second" else "%H:%M")
    if local.date() == today.date():
        return hour, full
    day = date_format(local, pgettext("date format", "j M") if local.year == today.year
                      else pgettext("date format", "j M Y"))
    return (day if form == "short" else f"{day} {hour}"), full


def page_words() -> dict[str, str]:
    """Return the sentences that the front end fills by itself; `{n}` is theirs to fill."""
    return {
        "ago_seconds": gettext("{n} s ago"), "ago_minutes": gettext("{n} min ago"),
        "ago_hours": gettext("{n} h ago"), "ago_days": gettext("{n} d ago"),
        "late_seconds": gettext("{n} s late"), "late_minutes": gettext("{n} min late"),
        "late_hours": gettext("{n} h late"), "late_days": gettext("{n} d late"),
        "feed_joining": gettext("Joining the feed"), "feed_live": gettext("Live"),
        "feed_polling": gettext("No news since {at}: asking every 10 s"), "playback": gettext("Playback · {at}"),
        "far_m": pgettext("distance", "{n} m"), "far_km": pgettext("distance", "{n} km"),
        "here_searching": gettext("Looking for where you are…"),
        "here_refused": gettext("The phone does not tell where it is; the most urgent stand first."),
        "nearby_failed": gettext("Could not look up this place. You can still go on."),
    }
