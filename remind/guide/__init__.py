"""A guided session, shown to a person: on a terminal's screen, or as plain lines."""
