"""The design system's marks as template tags (标志、环节、时限、新鲜度): shape, character and word together."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from linli.kernel import clock as clocks
from linli.kernel.level import Level
from linli.web import queries
from linli.web.domain import clocks as standing
from linli.web.domain import navigation, signs, spark, stages
from linli.web.templatetags.words import LEVELS, age, page_words, role_word, span, stage_word, stamp_words

register = template.Library()

LOOK: Final = {"theme": ("linli_theme", ("system", "light", "dark"), "system"),
               "mode": ("linli_mode", ("normal", "elder"), "normal"),
               "letters": ("linli_letters", ("on", "off"), "on")}


@register.simple_tag
def icon(name: str, more: str = "") -> SafeString:
    """Draw one icon of the sprite, with `more` classes; the words beside it carry the meaning."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', f"i {more}".strip(),
                       queries.built().icons, name)


@register.simple_tag
def level(given: object, size: str = "", late: bool = False) -> SafeString:
    """Draw a level's sign (级别), or for no level the document of a case, inverted when late."""
    grade = signs.level_of(given)
    if grade is Level.NONE:
        word = gettext("Overdue case") if late else gettext("Case")
        return format_html('<span class="doc{}">{}<span class="sr">{}</span></span>',
                           " late" if late else "", icon("file-text"), word)
    sign = signs.SIGNS[grade]
    frame = mark_safe('<rect x="5" y="5" width="18" height="18"/>') if grade is Level.RED else ""
    return format_html(
        '<svg class="lv {}{}" viewBox="0 0 28 28" role="img" aria-label="{}"><path d="{}"/>{}'
        '<text x="14" y="{}">{}</text></svg>',
        grade.word, f" {size}" if size else "", level_word(grade), sign.path, frame, sign.baseline,
        pgettext("level sign", sign.number))


@register.filter
def level_word(given: object) -> str:
    """Return a level in words (橙色 Ⅱ 级)."""
    return gettext(LEVELS[signs.level_of(given)])


@register.filter
def level_name(given: object) -> str:
    """Return a level's stored word, for a class name."""
    return signs.level_of(given).word


@register.simple_tag
def stage(state: str, word: str = "") -> SafeString:
    """Draw the seven pips of a case (环节) with the word of what is being done."""
    done, now = stages.pips(state)
    rects = format_html_join("", '<rect x="{}" y="{}" width="4.4" height="{}" class="{}"/>', (
        (f"{at * 6.4:.1f}", 0 if at == now else 2, 10 if at == now else 6,
         "now" if at == now else "on" if at < done else "") for at in range(stages.PIPS)))
    return format_html('<span class="stage"><svg viewBox="0 0 44 10" aria-hidden="true">{}</svg>{}</span>',
                       rects, word or stage_word(state))


@register.simple_tag
def clock(opened: datetime, due: datetime | None, now: datetime | None = None, held: str = "",
          used: float | None = None) -> SafeString:
    """Draw a case's clock (时限): bar with a notch at 80 %, time left; inverted when late; its reason when on hold."""
    if held:
        return format_html('<span class="clk held">{}</span>', gettext("On hold: {reason}").format(reason=held))
    read = standing.read(opened, due, now or clocks.now(), used=used)
    if read.standing is standing.Standing.UNSET:
        return format_html('<span class="clk unset">{}</span>', gettext("No limit yet"))
    if read.standing is standing.Standing.LATE:
        return format_html('<span class="clk late">{}</span>', gettext("{span} over").format(span=span(read.seconds)))
    return format_html(
        '<span class="clk {}"><svg viewBox="0 0 56 9" aria-hidden="true">'
        '<rect class="track" y="2" width="56" height="5"/><rect class="used" y="2" width="{}" height="5"/>'
        '<rect class="notch" x="44.3" width="1" height="9"/></svg>{}</span>',
        "near" if read.standing is standing.Standing.NEAR else "easy", f"{read.used * 56:.1f}",
        gettext("{span} left").format(span=span(read.seconds)))


@register.simple_tag
def fresh(at: datetime | None, limit: float = 120.0, now: datetime | None = None) -> SafeString:
    """Say how old a figure is (新鲜度): filled dot in time, hollow and bold when older than `limit` seconds."""
    if at is None:
        return format_html('<span class="fresh old">{}</span>', gettext("No data yet"))
    age_s = ((now or clocks.now()) - at).total_seconds()
    late = age_s > limit
    return format_html('<span class="fresh{}" data-at="{}" data-limit="{}">{}</span>', " old" if late else "",
                       at.isoformat(), f"{limit:g}", age(age_s, late=late))


@register.simple_tag
def stamp(at: datetime | None, form: str = "short", now: datetime | None = None) -> SafeString:
    """Write a moment (时间): today the hour, this year the day, else the date; `full` has both, `second` the second."""
    if at is None:
        return SafeString("–")
    short, full = stamp_words(at, form, now or clocks.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), full, short)


@register.filter
def duration(seconds: float) -> str:
    """Write a length of time (时长): 1 时 49 分."""
    return span(seconds)


@register.simple_tag
def share(part: float, whole: float = 1.0) -> SafeString:
    """Draw a plain bar of `part` in `whole` (占比)."""
    width = 0.0 if not whole else min(100.0, max(0.0, part / whole * 100))
    return format_html('<svg class="share" viewBox="0 0 100 9" preserveAspectRatio="none" aria-hidden="true">'
                       '<rect width="{}" height="9"/></svg>', f"{width:.1f}")


@register.simple_tag(name="spark")
def spark_line(values: Sequence[float | None], label: str = "", threshold: float | None = None,
               grade: object = None) -> SafeString:
    """Draw a small line (走势线), with a dashed threshold in its level's colour; without a label it is decoration."""
    known = [value for value in (*values, threshold) if value is not None]
    if not known:
        return SafeString("")
    low, high = min(0.0, *known), max(known)
    dash: str | SafeString = ""
    if threshold is not None:
        y = f"{spark.height_of(threshold, 36, low=low, high=high) + 1:.1f}"
        dash = format_html('<line class="limit {}" x1="0" x2="200" y1="{}" y2="{}"/>', level_name(grade), y, y)
    told = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="spark" viewBox="0 -1 200 38" preserveAspectRatio="none" {}>{}<path d="{}"/></svg>',
                       told, dash, spark.line(values, 200, 36, low=low, high=high))


@register.simple_tag
def island(kind: str, props: Mapping[str, Any], id: str,  # noqa: A002  # the attribute it becomes
           classes: str = "", label: str = "") -> SafeString:
    """Place an island (地图、图表): an element that the front end fills, and the values it is given."""
    told = format_html(' role="region" aria-label="{}"', label) if label else ""
    return format_html('<div id="{}" class="{}" data-island="{}" data-props="{}-props"{}></div>{}',
                       id, classes, kind, id, told, json_script(dict(props), f"{id}-props"))


@register.simple_tag
def island_assets() -> SafeString:
    """Link the one built entry and its style sheet; it loads what the islands of a page need."""
    made = queries.built()
    styles = format_html_join("", '<link rel="stylesheet" href="{}">', ((href,) for href in made.styles))
    ahead = format_html_join("", '<link rel="modulepreload" href="{}">', ((href,) for href in made.preload))
    return format_html('<link rel="icon" type="image/svg+xml" href="{}">{}{}<script type="module" src="{}"></script>'
                       '<meta name="linli-icons" content="{}">', made.favicon, styles, ahead, made.script, made.icons)


@register.simple_tag(takes_context=True)
def root(context: Context, theme: str = "") -> SafeString:
    """Write the attributes of `<html>` for this reader's look; `theme` is the page's own default."""
    return format_html_join(" ", 'data-{}="{}"', look(context, theme).items())


@register.simple_tag(takes_context=True)
def look(context: Context, theme: str = "") -> dict[str, str]:
    """Return the reader's theme, letter size and key letters, from the cookies."""
    request = context.get("request")
    cookies = request.COOKIES if request else {}
    chosen = {name: default for name, (_cookie, _allowed, default) in LOOK.items()}
    if theme:
        chosen["theme"] = theme
    for name, (cookie, allowed, _default) in LOOK.items():
        if cookies.get(cookie) in allowed:
            chosen[name] = cookies[cookie]
    return chosen


@register.simple_tag
def words() -> SafeString:
    """Hand the front end its few sentences in the page's language."""
    return json_script(page_words(), "linli-words")


@register.simple_tag(takes_context=True)
def rail(context: Context) -> list[dict[str, Any]]:
    """Return the rail's entries for this actor, the present one marked."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    entries = navigation.entries_for({post.role for post in actor.posts} if actor else ())
    here = navigation.current(request.path, entries) if request else None
    return [{"path": entry.path, "word": gettext(entry.word), "icon": entry.icon, "here": entry is here}
            for entry in entries]


@register.filter
def role(name: str) -> str:
    """Return a role in words (岗位)."""
    return role_word(name)


@register.simple_tag
def control(field: BoundField, **attributes: str) -> SafeString:
    """Draw a form field's control with the house class, tied to its hint and its errors."""
    told = [f"{field.auto_id}_hint"] if field.help_text else []
    told += [f"{field.auto_id}_error"] if field.errors else []
    extra = {"aria-describedby": " ".join(told)} if told else {}
    return SafeString(field.as_widget(attrs={"class": "input", **extra, **attributes}))


@register.filter
def as_json(value: object) -> str:
    """Write a value as JSON, for a data attribute."""
    return json.dumps(value, ensure_ascii=False)
