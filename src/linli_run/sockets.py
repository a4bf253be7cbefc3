"""The private folder of a Unix socket (套接字目录)."""

import hashlib
import os
import stat
import sys
from pathlib import Path
from typing import Final

from linli_run.trouble import Trouble

SOCKET_PATH_LIMIT: Final = 107 if sys.platform == "linux" else 103


def socket_dir_for(data_dir: Path) -> Path:
    """The short folder for the socket of `data_dir`: its path is cut at 107 bytes, so the home will not do."""
    name = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
    return Path("/tmp") / f"linli-{name}-{os.getuid()}"  # noqa: S108 - made_private proves it ours


def made_private(folder: Path) -> Path:
    """Make `folder`, or prove that it is this user's alone (私有目录).

    /tmp is open to everybody, and whoever owns the folder owns the database: a link, another's folder or
    one that is open to others is refused.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) != 0o700:
        raise Trouble(f"{folder} exists but is not a private folder of this user.", f"Remove it: rm -rf {folder}")
    return folder


def check_length(socket_dir: Path) -> None:
    """Refuse a folder whose socket path the system would cut; raise Trouble (路径长度)."""
    if len(os.fsencode(socket_dir / ".s.PGSQL.5432")) > SOCKET_PATH_LIMIT:
        raise Trouble(f"The socket folder {socket_dir} has too long a path.", "Choose one of at most 80 bytes.")
