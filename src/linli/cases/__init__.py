"""The one pipeline from report to satisfied close (案件)."""
