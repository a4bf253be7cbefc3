"""`linli import KIND FILE`: take a file of knowledge in, after looking at every row of it (导入)."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from linli_run.trouble import Trouble

AT_MOST_BYTES: Final = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to take in, from where, and whether only to look."""
    parser.add_argument("kind", choices=sorted(KINDS), help="what the file holds")
    parser.add_argument("file", type=Path, metavar="FILE", help="JSON, as in presets/holidays/cn.json")
    parser.add_argument("--dry-run", action="store_true", help="say what would change and change nothing")


def run(args: argparse.Namespace) -> int:
    """Take the file in, or say why not."""
    rows = _read(args.file)
    import django

    django.setup()
    print(KINDS[args.kind](rows, args.dry_run))
    return 0


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > AT_MOST_BYTES:
            raise Trouble(f"{path} is larger than {AT_MOST_BYTES} bytes.", "Take in one file of a few years.")
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}.", "Give the path of a file.") from None
    except ValueError as error:
        raise Trouble(f"{path} is not JSON: {error}.", "Compare it with presets/holidays/cn.json.") from None


def _holidays(rows: Any, dry_run: bool) -> str:
    from django.db import transaction

    from linli.calendar import actions as calendar
    from linli.calendar.domain import notice
    from linli.kernel.actor import Actor
    from linli.kernel.errors import Invalid

    try:
        notices = notice.parse(rows)
    except Invalid as wrong:
        raise Trouble(str(wrong), "Mend the file and import it again; nothing was changed.") from None
    with transaction.atomic():
        changed = calendar.load_years(notices, actor=Actor.system("operator"))
        if dry_run:
            transaction.set_rollback(True)
    years = ", ".join(str(year) for year in changed)
    if not changed:
        return "Nothing new: every year stands there already."
    return f"Would load: {years}." if dry_run else f"Loaded: {years}. Running limits are counted again."


KINDS: Final[dict[str, Callable[[Any, bool], str]]] = {"holidays": _holidays}
