"""What the built front end offers (构建产物): entry, style sheets, icon sprite."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

FOLDER: Final = "linli"
MANIFEST: Final = Path(__file__).parent / "static" / FOLDER / "manifest.json"


@dataclass(frozen=True, slots=True)
class Built:
    """Addresses of one build, relative to the static folder's root."""

    script: str
    styles: tuple[str, ...]
    preload: tuple[str, ...]
    icons: str
    favicon: str


def built() -> Built:
    """Return the build now on disk; a new build is seen without a restart."""
    try:
        changed_at = MANIFEST.stat().st_mtime_ns
    except FileNotFoundError:
        raise ImproperlyConfigured("the front end is not built: run `python hatch_build.py`") from None
    return _read(changed_at)


@lru_cache(maxsize=1)
def _read(_changed_at: int) -> Built:
    made = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return Built(script=_address(made["script"]), styles=tuple(map(_address, made["styles"])),
                 preload=tuple(map(_address, made["preload"])), icons=_address(made["icons"]),
                 favicon=_address(made["favicon"]))


def _address(file: str) -> str:
    return static(f"{FOLDER}/{file}")
