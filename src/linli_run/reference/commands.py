"""The `linli` command (命令行): every word after it, with its choices."""

import argparse
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from linli_run.main import COMMANDS, Command
from linli_run.reference import markdown

NEEDS: Final = {
    "nothing": "nothing",
    "database": "the database; it is started for the time if it does not run",
    "everything": "the services; start `linli up` first, or name your own",
}


def parser_of(command: Command) -> argparse.ArgumentParser:
    """Return the parser of one command (命令解析器)."""
    parser = argparse.ArgumentParser(prog=f"linli {command.name}", add_help=False)
    getattr(import_module(command.module), command.add)(parser)
    return parser


def listed() -> list[Command]:
    """Return the commands that people call and this version has (可用命令)."""
    return [command for command in COMMANDS if not command.is_internal and find_spec(command.module) is not None]


def write() -> str:
    """Return the page of commands."""
    overview = markdown.table(
        ("command", "what it does", "needs"),
        ((markdown.code(f"linli {c.name}"), c.help, NEEDS[c.needs]) for c in listed()),
    )
    sections = [_section(parser_of(command)) for command in listed()]
    return markdown.page("Commands", "`linli COMMAND --help` prints the same.", overview, *filter(None, sections))


def _section(parser: argparse.ArgumentParser, depth: int = 2) -> str:
    parts, rows = [], []
    for action in parser._actions:  # argparse has no public list of what was added
        if isinstance(action, argparse._SubParsersAction):
            parts += [_section(child, depth + 1) or _heading(child, depth + 1) for child in action.choices.values()]
        elif not isinstance(action, argparse._HelpAction):
            rows.append((markdown.code(_name(action)), (action.help or "").replace("%%", "%"), _default(action)))
    if rows:
        parts.insert(0, markdown.table(("argument", "meaning", "without it"), rows))
    return "\n\n".join([_heading(parser, depth), *parts]) if parts else ""


def _heading(parser: argparse.ArgumentParser, depth: int) -> str:
    return f"{'#' * depth} {parser.prog}"


def _name(action: argparse.Action) -> str:
    if not action.option_strings:
        return str(action.metavar or action.dest.upper())
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return action.option_strings[-1] + value


def _default(action: argparse.Action) -> str:
    if action.required and action.option_strings:
        return "required"
    return "" if action.default in (None, False, argparse.SUPPRESS) else markdown.code(action.default)
