"""Channels: ways to show a notification, and the chain that uses the best one that works now."""
