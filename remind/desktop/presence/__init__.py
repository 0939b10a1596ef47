"""Presence: small probes that ask a desktop whether the person is there, and what follows from all of them."""
