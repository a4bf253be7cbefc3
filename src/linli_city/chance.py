"""Chance that repeats (可重复的随机)."""

from random import Random


def chance(seed: int, *purpose: object) -> Random:
    """Return the dice of one purpose: the same for the same seed, untouched by what other purposes draw.

    Seeding with a string does not depend on PYTHONHASHSEED.
    """
    return Random("/".join(map(str, (seed, *purpose))))  # noqa: S311  a make-believe city, no secret


def dealt(dice: Random, deck: list[str], count: int) -> list[str]:
    """Return `count` cards from shuffled copies of the deck, so that each kind comes in its share."""
    cards: list[str] = []
    while len(cards) < count:
        shuffled = [card for _, card in sorted((dice.random(), card) for card in deck)]
        cards += shuffled
    return cards[:count]
