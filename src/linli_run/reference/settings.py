"""Settings (设置): what each variable of the environment means, and where it is read."""

import re
from typing import Final, NamedTuple

from linli_run.reference import markdown, source

NAMES: Final = re.compile(r"(?:LINLI|DATABASE|NATS|MQTT|NUMBA|DJANGO|XDG)_[A-Z_]+|LOCALAPPDATA")


class Variable(NamedTuple):
    """One variable: what it says, and what holds without it."""

    meaning: str
    without: str


VARIABLES: Final = {
    "LINLI_HOME": Variable(
        "The one private folder of all state: database, messages, files, logs, secrets.",
        "the platform's folder for an application's data; `make demo` uses `.linli/`",
    ),
    "LINLI_SECRET_KEY": Variable(
        "Signs sessions, forms and the tokens of the live part. The same for every part.",
        "made once by `linli up` and kept in the home",
    ),
    "DATABASE_URL": Variable("The database as role `linli_app`: web and worker.", "the embedded PostgreSQL"),
    "DATABASE_OWNER_URL": Variable("The same database as role `linli_owner`: migrations.", "the embedded PostgreSQL"),
    "DATABASE_INGEST_URL": Variable("The same database as role `linli_ingest`: readings.", "the embedded PostgreSQL"),
    "NATS_URL": Variable("The message server, for Linli's own parts.", "the embedded NATS server"),
    "MQTT_URL": Variable("Its MQTT listener, with the account of devices.", "the embedded NATS server"),
    "LINLI_WEB_URL": Variable(
        "The address people type. Its host is allowed; with `https:` cookies are sent over TLS only.",
        "`http://127.0.0.1:8000`, or the port taken",
    ),
    "LINLI_LIVE_URL": Variable(
        "The live part's address as browsers reach it.", "`http://127.0.0.1:8001`, or the port taken"
    ),
    "LINLI_HOSTS": Variable("Further host names the web part answers to, separated by commas.", "none"),
    "LINLI_DEMO": Variable("`1` = the demo: its accounts stand on the sign-in page.", "`0`; `linli up --demo` sets it"),
    "DJANGO_SETTINGS_MODULE": Variable("Django's settings; always ours.", "`linli.config.settings`"),
    "NUMBA_CACHE_DIR": Variable("Where compiled rules are kept.", "`cache/numba` in the home"),
    "XDG_DATA_HOME": Variable("Where Linux keeps applications' data; read only to find the home.", "`~/.local/share`"),
    "LOCALAPPDATA": Variable(
        "Where Windows keeps applications' data; read only to find the home.", "the user's folder"
    ),
}


def read_by() -> dict[str, list[str]]:
    """Return where each variable is named (出现位置): variable to modules, both in order."""
    found: dict[str, list[str]] = {}
    for path in source.modules():
        for name in sorted(text for text in source.strings_of(path) if NAMES.fullmatch(text)):
            found.setdefault(name, []).append(str(path.relative_to(source.SRC)))
    return found


def write() -> str:
    """Return the page of settings.

    Raises: LookupError if the code reads a variable that is not explained here, or the other way round.
    """
    places = read_by()
    if set(places) != set(VARIABLES):
        raise LookupError(f"settings to explain or to forget: {sorted(set(places) ^ set(VARIABLES))}")
    rows = (
        (markdown.code(name), said.meaning, said.without, ", ".join(map(markdown.code, places[name])))
        for name, said in VARIABLES.items()
    )
    return markdown.page(
        "Settings",
        "Everything that differs between deployments comes from the environment. `linli up` sets what you leave out."
        " What belongs together is set together: all three `DATABASE_…` addresses or none, `NATS_URL` with `MQTT_URL`.",
        markdown.table(("variable", "meaning", "without it", "named in"), rows),
    )
