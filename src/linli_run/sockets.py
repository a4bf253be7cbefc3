"""The private folder of a Unix socket (套接字目录)."""

import hashlib
import os
import stat
import sys
from pathlib import Path
from typing import Final

from linli_run.trouble import Trouble

SOCKET_PATH_LIMIT: Final = 107 if sys.platform == "linux" else 103


def private_socket_dir(data_dir: Path) -> Path:
    """Return the short folder for the socket of `data_dir`, made and proven to be ours alone (套接字目录).

    A socket path is cut at 107 bytes, so it cannot lie in the home itself. /tmp is open to everybody: a folder
    that is a link, another's, or open to others is refused, for whoever owns it owns the database.
    """
    name = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
    folder = Path("/tmp") / f"linli-{name}-{os.getuid()}"  # noqa: S108 - proven private below
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) != 0o700:
        raise Trouble(f"{folder} exists but is not a private folder of this user.", f"Remove it: rm -rf {folder}")
    return folder


def check_length(socket_dir: Path) -> None:
    """Refuse a folder whose socket path the system would cut; raise Trouble (路径长度)."""
    if len(os.fsencode(socket_dir / ".s.PGSQL.5432")) > SOCKET_PATH_LIMIT:
        raise Trouble(f"The socket folder {socket_dir} has too long a path.", "Choose one of at most 80 bytes.")
