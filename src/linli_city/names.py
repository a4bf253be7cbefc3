"""Names of places that are nowhere (地名): plausible, and nobody's."""

from random import Random
from typing import Final

DISTRICT: Final = "棠溪"
RIVER: Final = "柳溪河"
_BASES: Final = ("柳塘", "棠湖", "和风", "望溪", "学林", "青禾", "知行", "北苑", "溪岸", "南坡", "松鹤", "槐荫", "竹里",
                 "荷风", "稻香", "晴川", "梧桐", "云水", "谷场", "枫林", "桂子", "百草", "石径", "杏花", "长亭", "新雨",
                 "归燕", "春台", "白鹭", "听泉")
_ESTATES: Final = ("里", "花园", "新村", "苑", "家园", "一村", "公寓", "雅居", "东苑", "西苑", "新寓", "名邸", "小区",
                   "二村", "南苑", "北里")
_WALKS: Final = ("", "东", "西", "南", "北", "中", "前", "后", "上", "下", "大")


def communities(dice: Random) -> list[str]:
    """Return names of communities, the first of them always 柳塘."""
    return _spread(dice, list(_BASES), ("", *"东西南北新一二三四五"), "社区")


def estates(dice: Random) -> list[str]:
    """Return names of housing estates."""
    plain = [base + ending for ending in _ESTATES for base in _shuffled(dice, list(_BASES))]
    return plain + [f"{name}{phase}期" for phase in "二三四五六" for name in plain]


def streets(dice: Random, ending: str) -> list[str]:
    """Return names of streets that end in 路 or 街."""
    return _spread(dice, list(_BASES), _WALKS, ending)


def public_place(dice: Random, kind: str) -> str:
    """Return the name of a school, a market, a clinic or a park."""
    return _BASES[int(dice.random() * len(_BASES))] + kind


def _spread(dice: Random, bases: list[str], walks: tuple[str, ...], ending: str) -> list[str]:
    return [base + walk + ending for walk in walks for base in [bases[0], *_shuffled(dice, bases[1:])]]


def _shuffled(dice: Random, words: list[str]) -> list[str]:
    return [word for _, word in sorted((dice.random(), word) for word in words)]
