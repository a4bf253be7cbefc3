"""Readings in columns keep what belongs together."""

import numpy as np

from linli_ingest.columns import Columns
from linli_ingest.parts import Reading


def test_a_datastreams_readings_stand_side_by_side_in_the_order_they_came():
    came = [Reading(7, 30, 1.0, 0), Reading(2, 10, 2.0, 1), Reading(7, 20, 3.0, 0), Reading(2, 40, 4.0, 0)]
    found = Columns.of(came, [0, 1, 2, 3]).side_by_side()
    assert found.slots.tolist() == [2, 2, 7, 7]
    assert found.at_us.tolist() == [10, 40, 30, 20]
    assert found.values.tolist() == [2.0, 4.0, 1.0, 3.0]
    assert found.flags.tolist() == [1, 0, 0, 0]
    assert found.messages.tolist() == [1, 3, 0, 2]
    assert found.slots.dtype == np.int64
