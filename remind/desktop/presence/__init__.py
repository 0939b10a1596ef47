"""Presence: small probes that ask a desktop whether the person is there, and the façade that puts them together."""
