"""Why a message, or a part of one, is not taken (拒收原因)."""

from enum import StrEnum


class Refusal(StrEnum):
    """The stored reason of a quarantined message; what is good in the message is stored all the same."""

    TOO_LARGE = "too_large"  # above 64 kB, not read at all
    NOT_JSON = "not_json"
    NOT_A_MESSAGE = "not_a_message"  # JSON, but neither object, array of objects nor SenML pack
    NOT_A_NUMBER = "not_a_number"  # a metric's value is text, null, a list …
    NOT_FINITE = "not_finite"  # NaN or Infinity
    BAD_TIME = "bad_time"  # ts is neither epoch seconds nor ISO with its offset
    TOO_OLD = "too_old"  # before the year 2000
    IN_FUTURE = "in_future"  # more than five minutes ahead of our clock
    BAD_COUNTER = "bad_counter"  # n is not a whole number from 1 up, or b is not a short text
    UNKNOWN_DEVICE = "unknown_device"  # not adopted
    UNKNOWN_METRIC = "unknown_metric"
    CONFLICT = "conflict"  # the same ts came before with another value
    BAD_STATUS = "bad_status"
    FAILED = "failed"  # could not be stored; says so in the log too
