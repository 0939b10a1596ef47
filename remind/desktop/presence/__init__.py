"""Presence: probes that ask the desktop whether the person is there, and what follows from all of them."""
