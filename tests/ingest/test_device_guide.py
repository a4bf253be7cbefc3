"""The two senders of the device guide, run as they stand there, are told that everything is stored."""

import os
import subprocess
import sys

import pytest
from tests.make.docs import ROOT, blocks

GUIDE = ROOT / "docs/how-to/connect-a-device.md"
SENDERS = [text for language, text in blocks(GUIDE) if language == "python"]


def test_both_languages_show_the_same_senders():
    chinese = GUIDE.with_suffix(".zh-CN.md")
    assert [text for language, text in blocks(chinese) if language == "python"] == SENDERS


@pytest.mark.parametrize(("sender", "readings"), list(zip(SENDERS, [5, 1], strict=True)), ids=["paho", "linli_edge"])
def test_a_sender_of_the_guide_is_told_stored(road, device, tmp_path, sender, readings):
    told = subprocess.run(
        [sys.executable, "-c", sender, road.nats.mqtt_url, device], cwd=tmp_path, capture_output=True, text=True,
        timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, check=False,
    )  # fmt: skip
    assert (told.returncode, told.stdout) == (0, "all stored\n"), told.stderr
    assert len(road.readings(device, "tilt_deg")) == readings
