"""The `linli` command (命令行入口)."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from linli_run.trouble import Trouble

SETTINGS: Final = "linli.config.settings"


@dataclass(frozen=True, slots=True)
class Command:
    """One word after `linli` (子命令).

    Args:
        module: where it is written; a command whose module is not there is not listed.
        needs: "nothing", "database" (started for its time if need be) or "everything" (must be running).
        is_internal: a part of `up` that nobody calls by hand; not listed.
    """

    name: str
    help: str
    module: str
    needs: str = "nothing"
    add: str = "add_arguments"
    run: str = "run"
    is_internal: bool = False


COMMANDS: Final = (
    Command("up", "run everything under one supervisor", "linli_run.up"),
    Command("web", "run the web part alone", "linli_run.serve", "everything", "add_web_arguments", "web"),
    Command("live", "run the live part alone", "linli_run.serve", "everything", "add_live_arguments", "live"),
    Command("ingest", "run the ingest part alone", "linli_run.ingest", "everything"),
    Command("worker", "run the worker part alone", "linli_run.worker", "everything"),
    Command("migrate", "bring the database to this version", "linli_run.migrate", "database"),
    Command("doctor", "check this installation and name remedies", "linli_run.doctor"),
    Command("city", "build a synthetic city", "linli_run.demo", "database"),
    Command("import", "take a file of knowledge in, such as a year's holidays", "linli_run.imports", "database"),
    Command("accounts", "make, change and end accounts", "linli_run.accounts", "database"),
    Command("units", "list units, take one out of use, undo that", "linli_run.units", "database"),
    Command("edge", "keep and send for devices, on a small machine beside them", "linli_run.edge"),
    Command("replay", "send a real series as a device would", "linli_run.replay", "everything"),
    Command("rules", "read and change by which marks devices are judged", "linli_run.rules", "database"),
    Command("audit", "count the audit trail again, link by link", "linli_run.audit", "database"),
    Command("bench", "measure this machine and this version", "linli_run.bench"),
    Command("demo", "load the demo city", "linli_run.demo_parts", "everything", run="load", is_internal=True),
    Command("simulator", "play its sensors", "linli_run.demo_parts", "everything", run="simulate", is_internal=True),
    Command("openapi", "print the description of the API", "linli_run.openapi"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code. Troubles are told in two lines, with their remedy."""
    words = list(sys.argv[1:] if argv is None else argv)
    for console in (sys.stdout, sys.stderr):
        if isinstance(console, io.TextIOWrapper):
            console.reconfigure(errors="replace")  # a console that knows no Chinese is no reason to fail
    commands = {c.name: c for c in COMMANDS if find_spec(c.module) is not None}
    try:
        return _carry_out(commands, words)
    except Trouble as trouble:
        print(f"linli: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _carry_out(commands: dict[str, Command], words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="linli", description="Linli 邻里: one system for running an urban community")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    wanted = next((word for word in words if word in commands), "")
    for command in commands.values():
        if command.is_internal and command.name != wanted:
            continue
        subparser = subparsers.add_parser(command.name, help=command.help)
        if command.name == wanted:  # only this one's module is loaded
            getattr(import_module(command.module), command.add)(subparser)
    args = parser.parse_args(words)
    chosen = commands[args.command]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    return int(_within_its_services(chosen, getattr(import_module(chosen.module), chosen.run), args) or 0)


def _within_its_services(command: Command, run: Any, args: argparse.Namespace) -> Any:
    if command.needs == "nothing":
        return run(args)
    from linli_run.services import installation_here, running_environment, with_database  # a gateway has none of them

    if command.needs == "everything":
        os.environ.update(running_environment(installation_here()))
    if command.needs == "database":
        with with_database(installation_here()) as env:
            os.environ.update(env)
            return run(args)
    return run(args)
