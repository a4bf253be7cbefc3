"""A batch taken in (批次解析): flat objects of adopted devices together, everything else one by one."""

from collections.abc import Iterable, Mapping, Sequence

from linli.sensing.domain.refusal import Refusal
from linli_ingest import payload, quick, status
from linli_ingest.batch import Batch
from linli_ingest.columns import Columns, Intake, Numbered, Refusing, Status
from linli_ingest.device import Device
from linli_ingest.parts import Reading, Refused


def take_in(batch: Batch, devices: Mapping[bytes, Device], asked_us: int = 0) -> Intake:
    """Read every message of a batch; never raises for what a sender wrote (解析).

    Args:
        devices: adopted devices by the subject of their telemetry.
        asked_us: see `Parts`.
    """
    senders = [devices.get(subject) for subject in batch.subjects]
    flat = quick.are_flat(batch.payloads).tolist()
    chosen = [at for at, sender in enumerate(senders) if flat[at] and sender is not None]
    records = quick.together([batch.payloads[at] for at in chosen])
    if records is None:
        chosen, records = [], []
    intake, odd = quick.read(batch, senders, chosen, records)
    if len(chosen) < len(batch) or odd:
        rest = sorted(odd.union(range(len(batch))).difference(set(chosen) - odd))
        _add(intake, batch, senders, devices, rest, asked_us)
    return intake


def _add(
    intake: Intake, batch: Batch, senders: Sequence[Device | None], devices: Mapping[bytes, Device],
    rest: Iterable[int], asked_us: int,
) -> None:  # fmt: skip
    """Read the messages `rest` one by one and put them in their places."""
    readings: list[Reading] = []
    messages: list[int] = []
    for at in rest:
        subject, body, sender = batch.subjects[at], batch.payloads[at], senders[at]
        if subject.endswith(b".s"):
            _add_status(intake, at, body, devices.get(subject[:-1] + b"t"))
        elif sender is None:
            intake.refused.append(Refusing(at, Refused(Refusal.UNKNOWN_DEVICE, "")))
        else:
            parts = payload.read(sender.slots, body, batch.token(at).arrived_us, asked_us)
            readings += parts.readings
            messages += [at] * len(parts.readings)
            intake.numbered += [Numbered(at, sender, *number) for number in parts.numbers]
            intake.refused += [Refusing(at, refused) for refused in parts.refused]
    intake.numbered.sort(key=lambda number: number.message)
    intake.readings = intake.readings.merged(Columns.of(readings, messages))


def _add_status(intake: Intake, at: int, body: bytes, sender: Device | None) -> None:
    told = status.read(body) if sender else Refused(Refusal.UNKNOWN_DEVICE, "")
    if isinstance(told, Refused):
        intake.refused.append(Refusing(at, told))
    elif sender:
        intake.statuses.append(Status(at, sender, told))
