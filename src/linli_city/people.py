"""Who lives where, as counts (人口分布): how many in each dwelling, nobody by name."""

from typing import Final

from linli_city.blocks import Site
from linli_city.chance import chance
from linli_city.values import House

_SIZES: Final = (0, 1, 2, 3, 4, 5)  # residents of a dwelling; 0 = empty
_SHARES: Final = (0.08, 0.22, 0.28, 0.24, 0.12, 0.06)


def settle(sites: list[Site], people: int, seed: int) -> tuple[House, ...]:
    """Give every one of `people` a dwelling (入住): the counts add up to exactly that number.

    A house's dwellings follow its length; a fringe house, which lies in no grid, is left out.
    """
    ours = [site for site in sites if site.lot.grid]
    dwellings = _dwellings(people, seed)
    weights = [site.width * (0.8 + 0.4 * chance(seed, "height", site.x, site.y).random()) for site in ours]
    houses, taken, ahead = [], 0, 0.0
    whole = sum(weights)
    for site, weight in zip(ours, weights, strict=True):
        ahead += weight
        until = round(len(dwellings) * ahead / whole)
        houses.append(House(site.lot.estate, str(site.number), site.lot.grid, site.middle,
                            max(1, round(site.width / 20)), tuple(dwellings[taken:until])))
        taken = until
    return tuple(houses)


def _dwellings(people: int, seed: int) -> list[int]:
    dice = chance(seed, "dwellings")
    sizes, left = [], people
    while left > 0:
        size = min(left, dice.choices(_SIZES, _SHARES)[0])
        sizes.append(size)
        left -= size
    return sizes
