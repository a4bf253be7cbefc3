"""How often and how much (频率与大小上限), by the name of the route: every write, whatever its method.

A route that takes writes from who is not signed in has a row of its own (a test demands it); all others share `ELSE`.

A *person* is who is signed in, or else a browser by its session; whoever shows neither is counted by address alone.
A *crowd* is everybody behind one address: an office, or the many phones of one carrier's gateway. Reports: a phone
that is flooded with sends 30 an hour at most by its session, and one that keeps no session is of the crowd; whoever is
in a crowd that is full is told when to try again. A stadium's
night needs a larger `crowd` here.
"""

from typing import Final, NamedTuple

MINUTE: Final = 60
HOUR: Final = 3600
FORM_BYTES: Final = 1024 * 1024
PHOTO_BYTES: Final = 11 * 1024 * 1024
PHOTOS_BYTES: Final = 56 * 1024 * 1024


class Rate(NamedTuple):
    """At most `person` by one person and `crowd` from one address in `window_s` seconds, each `size` bytes at most."""

    person: int
    crowd: int
    window_s: int
    size: int = FORM_BYTES


RATES: Final = {
    "sign-in": Rate(60, 600, 15 * MINUTE, 64 * 1024),  # failures are counted apart: accounts.domain.lock
    "new-password": Rate(20, 200, 15 * MINUTE, 64 * 1024),
    "second-factor": Rate(60, 600, 15 * MINUTE, 16 * 1024),
    "factor-begin": Rate(20, 200, 15 * MINUTE, 16 * 1024),
    "factor-confirm": Rate(20, 200, 15 * MINUTE, 16 * 1024),
    "sign-out": Rate(60, 1200, 15 * MINUTE),
    "account-password": Rate(20, 200, 15 * MINUTE, 64 * 1024),
    "account-sessions": Rate(60, 600, 15 * MINUTE),
    "preferences": Rate(300, 3000, HOUR),
    "forget": Rate(30, 600, HOUR),
    "report": Rate(30, 300, HOUR),
    "report-what": Rate(90, 900, HOUR, PHOTOS_BYTES),
    "report-where": Rate(120, 1200, HOUR),
    "follow-news": Rate(20, 200, HOUR, 16 * 1024),
    "follow-confirm": Rate(20, 600, HOUR, 16 * 1024),
    "follow-refuse": Rate(10, 100, HOUR, FORM_BYTES),
    "notices-stop": Rate(60, 6000, HOUR, 16 * 1024),  # mail services unsubscribe for many from few addresses
    "notice-settings": Rate(30, 300, HOUR, 16 * 1024),
    "api-report": Rate(30, 300, HOUR),
    "api-photo": Rate(90, 900, HOUR, PHOTO_BYTES),
}
ELSE: Final = Rate(600, 6000, HOUR, PHOTOS_BYTES)
