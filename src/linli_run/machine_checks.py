"""What the doctor looks at on the machine itself (机器检查)."""

import os
import shutil
import socket
import stat
import subprocess
import sys
from typing import Final
from urllib.parse import urlsplit

from linli_run import nats as nats_server
from linli_run import plain_user
from linli_run import ports as port_book
from linli_run.environment import Installation
from linli_run.finding import Finding, aside, bad, good
from linli_run.postgres_programs import binary

OLDEST_PYTHON: Final = (3, 11)
LEAST_FREE_GB: Final = 2.0
SHORTEST_KEY: Final = 32


def python(installation: Installation) -> Finding:
    """Whether this Python is new enough."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return bad("Python", f"{found} is too old.", "Install Python 3.11 or newer and install Linli with it.")
    return good("Python", f"{found} at {sys.executable}")


def home(installation: Installation) -> Finding:
    """Whether the home is private and who holds it."""
    folder = installation.home.folder
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode != 0o700:
        return bad("home", f"{folder} is open to others ({mode:o}).", f"Close it: chmod 700 '{folder}'")
    return good("home", f"{folder}, {'running' if installation.home.is_supervised() else 'not running'}")


def disk(installation: Installation) -> Finding:
    """Whether there is room to go on."""
    free_gb = shutil.disk_usage(installation.home.folder).free / 1e9
    if free_gb < LEAST_FREE_GB:
        return bad("disk", f"only {free_gb:.1f} GB free", "Free some space, or move LINLI_HOME to a larger disk.")
    return good("disk", f"{free_gb:.0f} GB free")


def programs(installation: Installation) -> Finding:
    """Whether the embedded services' programs are there and start."""
    found = []
    if installation.postgres() is not None:
        found.append(binary("postgres"))
    if installation.nats() is not None:
        found.append(nats_server.binary())
    for program in found:
        asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        if asked.returncode:
            said = asked.stderr.strip() or f"exit code {asked.returncode}"
            return bad("programs", f"{program} does not run: {said}", "Install again: make install")
    return good("programs", ", ".join(p.name for p in found) or "none needed: services of your own")


def user(installation: Installation) -> Finding:
    """Whether PostgreSQL, which refuses root, can be run by whoever we are."""
    if os.geteuid() != 0 or installation.postgres() is None:
        return good("user", f"user {os.geteuid()}")
    way = plain_user.as_plain_user([], installation.home.postgres)[0]
    return good("user", "root; PostgreSQL runs " + ("in a user namespace" if way == "unshare" else "as another user"))


def ports(installation: Installation) -> Finding:
    """Whether the remembered ports are free, or ours."""
    wanted = dict(installation.chosen)
    if installation.home.is_supervised():
        silent = [f"{name} {port}" for name, port in wanted.items() if port_book.is_free("127.0.0.1", port)]
        if silent and installation.nats() is not None:
            return bad("ports", f"nobody listens: {', '.join(silent)}", "Read the logs of these parts in the home.")
        return good("ports", ", ".join(f"{name} {port}" for name, port in wanted.items()))
    busy = [f"{name} {port}" for name, port in wanted.items() if not port_book.is_free("127.0.0.1", port)]
    if busy:
        return aside("ports", f"busy: {', '.join(busy)}", "`linli up` will take others and say which.")
    return good("ports", "free")


def settings(installation: Installation) -> Finding:
    """Whether the settings belong together and the secret is one."""
    env = installation.environment()
    if len(env["LINLI_SECRET_KEY"]) < SHORTEST_KEY:
        return bad(
            "settings", "LINLI_SECRET_KEY is short.", f"Use at least {SHORTEST_KEY} random characters, or unset it."
        )
    kinds = [name for name in ("DATABASE_URL", "NATS_URL") if installation.given.get(name)]
    return good("settings", f"services of your own: {', '.join(kinds)}" if kinds else "embedded services")


def nats(installation: Installation) -> Finding:
    """Whether the message server answers with JetStream and MQTT."""
    server = installation.nats()
    if server is not None and server.running_pid() is None:
        return aside("NATS", "not running", "Start `linli up`.")
    env = installation.environment()
    address, mqtt = urlsplit(env["NATS_URL"]), urlsplit(env["MQTT_URL"])
    greeting = nats_server.greeting_of(address.hostname or "", address.port or 4222)
    if not greeting.get("jetstream"):
        return bad(
            "NATS", f"{address.hostname}:{address.port} does not greet with JetStream.", "Turn JetStream on there."
        )
    try:
        socket.create_connection((mqtt.hostname or "", mqtt.port or 1883), timeout=3).close()
    except OSError as error:
        return bad("NATS", f"no MQTT at {mqtt.hostname}:{mqtt.port}: {error}", "Turn the MQTT listener on there.")
    return good("NATS", f"version {greeting.get('version')}, JetStream and MQTT answer")
