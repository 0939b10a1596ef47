"""Reminds you to stretch your calves before bed and to drink through the day, and guides the stretch."""

__version__ = "0.1.0"
