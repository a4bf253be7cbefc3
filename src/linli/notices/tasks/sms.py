"""Text messages (短信): an interface for adapters, and one that writes files."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from linli.notices.domain.channels import Outcome, later, refused, sent, unsure
from linli.notices.tasks.letters import Letter


@dataclass(frozen=True, slots=True)
class Sms:
    """One text message (一条短信). `id` is the delivery's: the same in every attempt."""

    id: str
    to: str
    text: str


class SmsAdapter(Protocol):
    """What a gateway's adapter is (短信适配器).

    `repeatable`: the gateway sends a second message with the same id not again. Where it is False, what was
    interrupted is never sent again by itself.
    """

    repeatable: bool

    def send(self, message: Sms) -> Outcome:
        """Hand one message over and return `sent` with the gateway's own number, `later`, `refused` or `unsure`.

        An exception counts as `unsure`: what is not known is not claimed.
        """
        ...


class FileAdapter:
    """Writes each message into a file named by its id (文件渠道), for a gateway that reads a folder, and for trials.

    Written in `.drafts` and linked: a reader finds a whole file or none, a repeat finds its own name taken, and
    takes away what a sender that died left half written.
    """

    repeatable = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Sms) -> Outcome:
        """Write the file, once."""
        drafts, goal = self.folder / ".drafts", self.folder / f"{message.id}.json"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        drafts.mkdir(mode=0o700, exist_ok=True)
        try:
            if not goal.exists():
                self._write(message, drafts / f"{message.id}.{os.getpid()}", goal)
        finally:
            for left in drafts.glob(f"{message.id}.*"):
                left.unlink(missing_ok=True)
        return sent(goal.name)

    def _write(self, message: Sms, draft: Path, goal: Path) -> None:
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(asdict(message), file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, goal)
        except FileExistsError:
            return
        _flush_folder(self.folder)


class SmsChannel:
    """Sends letters by an adapter (短信渠道), in their short form with the link."""

    def __init__(self, adapter: SmsAdapter) -> None:
        self.adapter = adapter
        self.repeatable = adapter.repeatable

    def send(self, letters: Iterable[Letter]) -> Iterator[tuple[Letter, Outcome]]:
        """Send each letter."""
        for letter in letters:
            text = f"{letter.short} {letter.link}".strip()
            yield letter, self._outcome(Sms(str(letter.id), letter.to, text))

    def _outcome(self, message: Sms) -> Outcome:
        try:
            return self.adapter.send(message)
        except OSError as error:
            return _local(error) if isinstance(self.adapter, FileAdapter) else unsure(type(error).__name__)
        except Exception as error:  # an adapter of the deployment's own: nothing it does may stop the others
            return unsure(type(error).__name__)


def _local(error: OSError) -> Outcome:
    """A file that could not be written was not written: a full disk is tried again, a wrong folder is said."""
    return refused("folder") if isinstance(error, PermissionError | NotADirectoryError) else later("disk")


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
