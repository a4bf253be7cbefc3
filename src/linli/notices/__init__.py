"""Telling people, through any channel, once (通知)."""
