from linli.sensing.domain.refusal import Refusal
from linli_ingest import quarantine
from linli_ingest.batch import Batch
from linli_ingest.columns import Refusing
from linli_ingest.parts import Refused


def batch_of(*messages):
    batch = Batch()
    for at, (device, body) in enumerate(messages):
        batch.subjects.append(f"d.{device}.t".encode())
        batch.payloads.append(body)
        batch.replies.append(b"$JS.ACK.T.c.1.%d.1.%d.0" % (at + 1, 10**18))
    return batch


def test_one_row_is_kept_a_message_and_reason_with_the_first_detail():
    batch = batch_of(("a", b"x" * 9000), ("b", b"y"))
    parts = [(0, Refusal.NOT_FINITE, "tilt"), (0, Refusal.NOT_FINITE, "open"), (0, Refusal.UNKNOWN_METRIC, "z"),
             (1, Refusal.NOT_JSON, "?")]  # fmt: skip
    held = quarantine.gathered(batch, [Refusing(at, Refused(reason, detail)) for at, reason, detail in parts])
    assert [(row.device, row.reason, row.detail, row.refused) for row in held] == [
        ("a", "not_finite", "tilt", 2), ("a", "unknown_metric", "z", 1), ("b", "not_json", "?", 1)]  # fmt: skip
    assert (len(held[0].payload), held[0].payload_bytes, held[0].seq) == (4096, 9000, 1)


def test_of_a_flood_only_the_last_messages_of_a_device_are_written():
    batch = batch_of(*[("flood", b"%d" % at) for at in range(1200)], ("quiet", b"1"))
    held = quarantine.gathered(batch, [Refusing(at, Refused(Refusal.NOT_JSON, "")) for at in range(1201)])
    kept = quarantine._last_of_each(held)
    assert [row.payload for row in kept if row.device == "flood"] == [b"%d" % at for at in range(700, 1200)]
    assert [row.device for row in kept][-1] == "quiet"
