"""Addresses, buildings, dwellings (标准地址、楼栋、房屋). Not built yet."""
