"""The door: one file for each group of commands, imported when its command is called."""
