"""Warning levels (预警级别): four colours, Ⅳ blue lowest, Ⅰ red highest."""

from enum import IntEnum


class Level(IntEnum):
    """How severe; the number grows with severity and is what the hot path stores.

    Source: 突发事件应对法, four warning grades; `domain.md` §3.1.
    """

    NONE = 0
    BLUE = 1  # Ⅳ 蓝 一般
    YELLOW = 2  # Ⅲ 黄 较大
    ORANGE = 3  # Ⅱ 橙 重大
    RED = 4  # Ⅰ 红 特别重大

    @property
    def word(self) -> str:
        """Return the stored word, such as `"orange"`."""
        return self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> "Level":
        """Return the level stored as `word`; raise KeyError if there is none."""
        return cls[word.upper()]
