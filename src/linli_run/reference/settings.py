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
    "LINLI_IDLE_MINUTES": Variable("Minutes without use after which a session ends.", "`30`"),
    "LINLI_PROXIES": Variable(
        "Addresses or networks of reverse proxies whose word on a caller's address is believed, separated by commas.",
        "none: the connection's own address counts",
    ),
    "LINLI_TIME_ZONE": Variable("The local time of pages, limits and quiet hours.", "`Asia/Shanghai`"),
    "LINLI_AUDIT_DIGEST": Variable("How the audit trail is chained: `sha256` or `sm3`.", "`sha256`"),
    "LINLI_SMTP_HOST": Variable("The mail server that sends notices.", "none: no notice goes by e-mail"),
    "LINLI_SMTP_PORT": Variable("Its port.", "`587`"),
    "LINLI_SMTP_USER": Variable("The account there.", "none: it is not asked for"),
    "LINLI_SMTP_PASSWORD": Variable("The password of that account.", "none"),
    "LINLI_SMTP_TLS": Variable(
        "`starttls`, `tls` (from the first byte), or `none` on a network of one's own.", "`starttls`"
    ),
    "LINLI_SMTP_FROM": Variable("The sender's address in every mail.", "`linli@` and the host of `LINLI_WEB_URL`"),
    "LINLI_SMS_ADAPTER": Variable(
        "What sends text messages: `file`, or `package.module:name` of an adapter of your own.",
        "none: no notice goes by text message; in the demo `file`",
    ),
    "LINLI_WEBHOOK_PORTS": Variable("Ports that webhooks may reach, separated by commas.", "`80,443`"),
    "LINLI_WEBHOOK_NETWORKS": Variable(
        "Networks that are not public and that webhooks may reach all the same, such as `10.20.0.0/16`.", "none"
    ),
    "LINLI_NOTICES_PER_MINUTE": Variable("At most so many notices a minute on each channel.", "`300`"),
    "LINLI_CONTACT_DAYS": Variable(
        "Days after the end of a matter until what its reporter left to be reached is deleted.", "`30`"
    ),
    "LINLI_EDGE_LISTEN": Variable(
        "Where the gateway agent takes messages of devices: host and port. Whoever reaches it may hand in.",
        "`127.0.0.1:8710`",
    ),
    "LINLI_EDGE_ROOM": Variable("How many messages the gateway agent keeps at most.", "`1000000`"),
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
