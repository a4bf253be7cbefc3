"""`python -m linli_run.reference FOLDER`: write every reference page into FOLDER."""

import argparse
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

PAGES: Final = ("settings", "commands", "moves", "events", "roles", "rooms", "addresses", "refusals", "kits", "presets")


def contents() -> dict[str, str]:
    """Return file name to text of every page (全部页面)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    import django
    from django.utils.translation import override

    django.setup()
    with override("en"):
        return {f"{name}.md": _writer(name)() for name in PAGES}


def main() -> None:
    """Write what changed."""
    parser = argparse.ArgumentParser(prog="python -m linli_run.reference", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="where the pages go, such as docs/reference")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in contents().items():
        (folder / name).write_text(text, "utf-8")


def _writer(name: str) -> Callable[[], str]:
    writer: Callable[[], str] = import_module(f"linli_run.reference.{name}").write
    return writer


if __name__ == "__main__":
    main()
