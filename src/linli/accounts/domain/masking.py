"""Names shown without telling whose (姓名脱敏)."""


def masked_name(name: str) -> str:
    """Return a name with all but its first character hidden (姓名脱敏), such as 李＊＊."""
    return name[:1] + "＊" * min(2, len(name) - 1)
