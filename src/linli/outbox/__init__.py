"""Facts on their way up (事件发件箱): published in the transaction that caused them, delivered at least once."""
