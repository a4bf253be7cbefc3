from linli.cases.models.words import limit_words
from linli.cases.queries.catalogue import categories, category_names, conditions_of
from linli.cases.queries.likenesses import likenesses_for
from linli.cases.queries.lists import cases_json, counts, inbox, open_pins, waits_for
from linli.cases.queries.matters import root_of, roots_of
from linli.cases.queries.past import open_at
from linli.cases.queries.photos import photo_for, photo_for_link
from linli.cases.queries.public import Progress, PublicStep, public_progress
from linli.cases.queries.record import Link, ReportLine, StepLine, chain, over_among, reports_of, timeline
from linli.cases.queries.timers import timers_late_s

__all__ = [
    "Link",
    "Progress",
    "PublicStep",
    "ReportLine",
    "StepLine",
    "cases_json",
    "categories",
    "category_names",
    "chain",
    "conditions_of",
    "counts",
    "inbox",
    "likenesses_for",
    "limit_words",
    "open_at",
    "open_pins",
    "over_among",
    "photo_for",
    "photo_for_link",
    "public_progress",
    "reports_of",
    "root_of",
    "roots_of",
    "timeline",
    "timers_late_s",
    "waits_for",
]
