"""Channels: ways to show a notification, and the chain that takes the best that works now."""
