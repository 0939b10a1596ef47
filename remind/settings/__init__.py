"""The person's settings and routines: what they may contain, and how their files are read and changed."""
