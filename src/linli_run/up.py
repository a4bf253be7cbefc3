"""`linli up`: everything of one home under one supervisor (一键启动)."""

import argparse
import signal
import time
from functools import partial
from typing import Final

from linli.kernel import clock
from linli_run import ports, processes
from linli_run.command_part import CommandPart, answers, our_command
from linli_run.environment import DATABASE_NAME, Installation
from linli_run.home import Home
from linli_run.parts import all_parts, demo_loader
from linli_run.postgres import READY_WITHIN_S, create_roles_and_database
from linli_run.pulse import Pulse
from linli_run.supervisor import Stopped, Supervisor

READY_PATIENCE_S: Final = 90.0
NATS_WITHIN_S: Final = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to run, and where it listens."""
    parser.add_argument("--demo", action="store_true", help="load the demo city and its accounts, run its simulator")
    parser.add_argument("--host", default="127.0.0.1", help="address that web, live and MQTT listen on")
    parser.add_argument("--port", type=int, help="port of the web part; live takes the next one")


def run(args: argparse.Namespace) -> int:
    """Start everything, keep it running, and stop it in order when asked to."""
    began = time.monotonic()
    home = Home()
    home.prepare()
    with home.supervised(), ports.Reserved() as reserved:
        end_leftovers(home)
        installation = Installation(home, chosen=choose_ports(home, args, reserved), host=args.host, demo=args.demo)
        supervisor = Supervisor(say)
        supervisor.listen_to_signals()
        try:
            env = start_services(supervisor, installation)
            prepare_data(supervisor, installation, env)
            pulse = Pulse(env["DATABASE_URL"])
            for part in all_parts(installation, env):
                supervisor.watch(part.name, part, pulse.of(part))
            _wait_until_ready(supervisor, f"{installation.local_address('web')}/readyz")
            announce(installation, env, time.monotonic() - began)
            while True:
                supervisor.tend()
        except Stopped:
            say("linli", "stopping")
        finally:
            supervisor.stop()
    return 0


def say(who: str, what: str) -> None:
    """One line per event on the console (事件行)."""
    print(f"{clock.now().astimezone():%H:%M:%S} {who:<10} {what}", flush=True)


def start_services(supervisor: Supervisor, installation: Installation) -> dict[str, str]:
    """Start the embedded services that are meant; return the environment of the parts (启动服务)."""
    env = installation.environment()
    if (postgres := installation.postgres()) is not None:
        supervisor.bring_up("postgres", postgres, READY_WITHIN_S, "DATABASE_URL")
        create_roles_and_database(postgres.admin_url, DATABASE_NAME)
    if (nats := installation.nats()) is not None:
        supervisor.bring_up("nats", nats, NATS_WITHIN_S, "NATS_URL", responds=nats.works)
    return env


def prepare_data(supervisor: Supervisor, installation: Installation, env: dict[str, str]) -> None:
    """Bring the database to this version; for the demo, load its city once (准备数据)."""
    tasks = [CommandPart("migrate", our_command("migrate"), home=installation.home, env=env)]
    if installation.demo:
        tasks.append(demo_loader(installation, env))
    for task in tasks:
        began = time.monotonic()
        supervisor.carry_out(task)
        say(task.name, f"done in {time.monotonic() - began:.1f} s")


def end_leftovers(home: Home) -> None:
    """End what a killed supervisor left running and the kernel has not yet ended (清理残留进程).

    PostgreSQL is not among it: a living one is taken over, for ending it would cost a recovery.
    """
    for pid in (*processes.working_below(home.run), *processes.working_below(home.nats)):
        say("linli", f"ending process {pid}, left over from an earlier run")
        alive = partial(processes.is_alive, pid)
        processes.end(pid, alive, ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)))


def choose_ports(home: Home, args: argparse.Namespace, reserved: ports.Reserved) -> dict[str, int]:
    """The ports of the last run or of the command line, others where those are busy (选择端口)."""
    book = home.folder / "ports.json"
    wanted = ports.remembered(book)
    if args.port:
        wanted |= {"web": args.port, "live": args.port + 1}
    chosen = ports.choose(wanted, reserved=reserved, host=args.host, say=lambda line: say("linli", line))
    ports.remember(book, chosen)
    return chosen


def announce(installation: Installation, env: dict[str, str], took_s: float) -> None:
    """Say where everything is (启动信息)."""
    lines = [f"ready after {took_s:.1f} s", f"pages      {env['LINLI_WEB_URL']}", f"MQTT       {env['MQTT_URL']}"]
    if installation.demo:
        from linli_run import demo  # only here: it loads the maker of cities

        lines.append(f"accounts   {', '.join(demo.ACCOUNTS)} (password {demo.PASSWORD})")
    for line in (*lines, f"home       {installation.home.folder}", "stop       Ctrl-C"):
        say("linli", line)


def _wait_until_ready(supervisor: Supervisor, readyz: str) -> None:
    all_is_well = answers(readyz)
    deadline = time.monotonic() + READY_PATIENCE_S
    while time.monotonic() < deadline:
        supervisor.tend()
        if all(watched.was_ready for watched in supervisor.watched) and all_is_well():
            return
    say("linli", f"not everything is ready: see {readyz} and `linli doctor`")
