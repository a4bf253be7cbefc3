"""Cities for tests, each built once."""

from functools import cache

from linli_city.city import build
from linli_city.values import City

SEED = 20260901


@cache
def make_city(people: int = 5000, seed: int = SEED) -> City:
    """Return the city of so many people."""
    return build(people, seed)
