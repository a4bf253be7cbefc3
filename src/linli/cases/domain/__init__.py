"""What a case is and may become, as plain values (案件规则)."""
