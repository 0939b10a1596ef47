"""The commands: one file for each group, imported when its command is called."""
