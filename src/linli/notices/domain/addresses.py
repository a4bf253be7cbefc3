"""Addresses of persons (联系方式): read strictly, shown masked."""

import re
from enum import StrEnum
from typing import Final

from linli.kernel.errors import Invalid
from linli.notices.domain.channels import Channel

LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
                           r"[A-Za-z]{2,63}")
_PHONE: Final = re.compile(r"(?:\+[1-9][0-9]{6,14}|1[3-9][0-9]{9})")
_GAPS: Final = re.compile(r"[\s()\-\u2010-\u2015]")


class Kind(StrEnum):
    """What an address is."""

    EMAIL = "email"  # 电子邮箱
    PHONE = "phone"  # 手机号

    @property
    def channel(self) -> Channel:
        """Return the channel that reaches it."""
        return Channel.EMAIL if self is Kind.EMAIL else Channel.SMS


def parse(text: str) -> tuple[Kind, str]:
    """Return what was typed as an e-mail address or a mobile number, without gaps (识别联系方式).

    Raises: Invalid if it is neither.
    """
    typed = text.strip()
    if "@" in typed:
        if len(typed) <= LONGEST_EMAIL and _EMAIL.fullmatch(typed) and ".." not in typed:
            return Kind.EMAIL, typed
        raise Invalid("notices.email", "This is not a complete e-mail address.", field="to")
    number = _GAPS.sub("", typed)
    if not _PHONE.fullmatch(number):
        raise Invalid("notices.address", "Please give a mobile number or an e-mail address.", field="to")
    return Kind.PHONE, number


def masked(address: str) -> str:
    """Return as much of an address as its owner needs to know it again (脱敏): 138****5678, l***@example.net."""
    name, at, host = address.partition("@")
    if at:
        return f"{name[:1]}***@{host}"
    return f"{address[:3]}****{address[-4:]}" if len(address) >= 10 else f"****{address[-2:]}"
