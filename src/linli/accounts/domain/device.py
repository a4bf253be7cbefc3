"""What kind of device a browser runs on (终端类型): enough to recognise one's own, too little to follow anybody."""

import re
from enum import StrEnum
from typing import Final


class Device(StrEnum):
    """A kind of device."""

    PHONE = "phone"
    TABLET = "tablet"
    COMPUTER = "computer"
    PROGRAM = "program"


_TABLET: Final = re.compile(r"iPad|Tablet|Android(?!.*Mobile)")
_PHONE: Final = re.compile(r"Mobile|iPhone|MicroMessenger|HarmonyOS")
_COMPUTER: Final = re.compile(r"Windows NT|Macintosh|X11|CrOS|Linux")


def device_of(user_agent: str) -> Device:
    """Return the kind of device that names itself `user_agent` (终端识别)."""
    for device, pattern in ((Device.TABLET, _TABLET), (Device.PHONE, _PHONE), (Device.COMPUTER, _COMPUTER)):
        if pattern.search(user_agent):
            return device
    return Device.PROGRAM
