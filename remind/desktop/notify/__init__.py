"""Channels: ways to show a notification, and the chain that uses the best that works now."""
