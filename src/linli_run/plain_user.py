"""How root runs PostgreSQL, which refuses root (以普通身份运行)."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from linli_run.trouble import Trouble

PREFERRED: Final = ("nobody", "daemon", "bin")


def as_plain_user(command: Sequence[str | Path], folder: Path) -> list[str | Path]:
    """Return `command` so that it does not run as root, although we may be root (非特权运行).

    In a user namespace root's own files stay root's, under another number. Where namespaces are refused, as in
    many containers, the program runs as a real other user who keeps one right, to pass through root's folders;
    then `folder` becomes that user's. Neither way opens any folder to others.

    Args:
        folder: what the program will own; may not be there yet.
    Raises: Trouble if this machine offers neither way.
    """
    if os.geteuid() != 0:
        return list(command)
    uid, gid = plain_ids()
    if namespaces_work(uid, gid):
        give(folder, 0, 0)
        return ["unshare", "--user", f"--map-user={uid}", f"--map-group={gid}", *command]
    if capabilities_work(uid, gid):
        give(folder, uid, gid)
        return [*_setpriv(uid, gid), *command]
    raise Trouble(
        "PostgreSQL refuses root, and this machine lets root neither open a user namespace nor become another user.",
        "Run as an ordinary user, or set DATABASE_URL.",
    )


def plain_ids() -> tuple[int, int]:
    """User and group number of somebody who is not root and whom this machine knows by name (普通用户号).

    A number without a name will not do: initdb looks the name up.
    """
    known = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    chosen = next((known[name] for name in PREFERRED if name in known), None) or next(iter(known.values()), None)
    if chosen is None:
        raise Trouble("This machine knows no user but root.", "Add one, or set DATABASE_URL.")
    return chosen.pw_uid, chosen.pw_gid


@cache
def namespaces_work(uid: int, gid: int) -> bool:
    """Whether root may open a user namespace here."""
    return _succeeds(["unshare", "--user", f"--map-user={uid}", f"--map-group={gid}", "true"])


@cache
def capabilities_work(uid: int, gid: int) -> bool:
    """Whether root may become another user who keeps one capability."""
    return _succeeds([*_setpriv(uid, gid), "true"])


def give(folder: Path, uid: int, gid: int) -> None:
    """Make `folder` and all in it theirs, unless it is already (移交所有权)."""
    if not folder.exists() or folder.stat().st_uid == uid:
        return
    for path in (*folder.rglob("*"), folder):  # the folder last: its owner tells that all is done
        os.chown(path, uid, gid, follow_symlinks=False)


def _setpriv(uid: int, gid: int) -> list[str | Path]:
    rights = ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"]
    return ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *rights, "--pdeathsig=INT"]


def _succeeds(command: Sequence[str | Path]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
