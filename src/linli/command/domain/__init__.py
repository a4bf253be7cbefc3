"""What the board shows to whom, as plain values (指挥看板规则)."""
