"""Services offered to elders, and visits (为老服务推送与探访). Not built yet."""
