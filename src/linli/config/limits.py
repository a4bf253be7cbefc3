"""How often one address may do what (频率上限), by the name of the route; only POST counts."""

from typing import Final, NamedTuple


class Rate(NamedTuple):
    """At most `limit` in `window_s` seconds."""

    limit: int
    window_s: int


RATES: Final = {
    "sign-in": Rate(60, 900),
    "report": Rate(30, 3600),
    "report-what": Rate(90, 3600),
    "api-report": Rate(30, 3600),
    "api-photo": Rate(90, 3600),
}
