"""The pages of devices (设备页面): list, one device, its readings, the quarantine."""
