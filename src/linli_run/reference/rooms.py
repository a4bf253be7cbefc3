"""The rooms (模块): the ladder as it is checked, each with its tables."""

import tomllib
from importlib import import_module

from django.apps import apps

from linli_run.reference import markdown, source


def ladder() -> list[list[str]]:
    """Return the rungs, highest first, from the contract that `make check` enforces (分层)."""
    project = tomllib.loads((source.PROJECT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    rungs = next(contract["layers"] for contract in contracts if contract["name"] == "The ladder")
    return [rung.split(" | ") for rung in rungs]


def tables() -> dict[str, list[str]]:
    """Return each room's tables, by name (各模块的数据表)."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        package, _, room = model.__module__.partition(".")
        if package == "linli":
            found.setdefault(room.split(".")[0], []).append(model._meta.db_table)
    return {room: sorted(names) for room, names in found.items()}


def write() -> str:
    """Return the page of rooms."""
    owned, guarded = tables(), source.secured_tables()
    rows = (
        (number, markdown.code(room), markdown.first_sentence(import_module(f"linli.{room}").__doc__),
         ", ".join(markdown.code(name) for name in owned.get(room, []) if name not in guarded),
         ", ".join(markdown.code(name) for name in owned.get(room, []) if name in guarded))
        for number, rung in enumerate(ladder(), start=1) for room in rung
    )  # fmt: skip
    return markdown.page(
        "Rooms",
        "A room imports only rooms of a greater number. Rooms of one number do not import each other. Only a room"
        " itself imports its models.",
        "Of a *row-secured* table the database shows only the rows inside the scope of the transaction.",
        markdown.table(("rung", "room", "what it is", "tables", "row-secured tables"), rows),
    )
