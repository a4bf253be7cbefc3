"""Knowledge as data (预置数据): tables shipped with Linli, edited by the deploying city."""

import json
from pathlib import Path
from typing import Any


def folder() -> Path:
    """Return the folder of presets: inside the installed package, or the checkout's own."""
    package = Path(__file__).parents[1]
    inside = package / "presets"
    return inside if inside.is_dir() else package.parents[1] / "presets"


def read(name: str) -> Any:
    """Return the parsed content of `presets/<name>.json`."""
    return json.loads((folder() / f"{name}.json").read_text(encoding="utf-8"))
