"""Linli's own parts and how each is started (部件清单)."""

import sys
from collections.abc import Mapping

from linli_run.command_part import CommandPart, answers, our_command
from linli_run.environment import Installation


def all_parts(installation: Installation, env: Mapping[str, str]) -> list[CommandPart]:
    """The parts that run after the services, in the order they start (启动顺序)."""
    home = installation.home
    ingest = CommandPart("ingest", [sys.executable, "-P", "-m", "linli_ingest"], home=home, env=env)
    worker = CommandPart("worker", our_command("worker"), home=home, env=env)
    parts = [ingest, worker, _listening("live", installation, env), _listening("web", installation, env)]
    if installation.demo:
        parts.append(CommandPart("simulator", our_command("simulator"), home=home, env=env))
    return parts


def demo_loader(installation: Installation, env: Mapping[str, str]) -> CommandPart:
    """The task that loads the demo city and its accounts, unless they are there (载入演示数据)."""
    return CommandPart("demo", our_command("demo"), home=installation.home, env=env)


def _listening(name: str, installation: Installation, env: Mapping[str, str]) -> CommandPart:
    argv = our_command(name, "--host", installation.host, "--port", str(installation.chosen[name]))
    probe = answers(f"{installation.local_address(name)}/healthz")
    return CommandPart(name, argv, home=installation.home, env=env, probe=probe)
