"""When exceedances are one episode, as plain values (预警规则)."""
