"""Which days and hours count, as plain values (工作日历规则)."""
