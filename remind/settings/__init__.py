"""The person's settings and routines: what they may hold, and how the files are read and changed."""
