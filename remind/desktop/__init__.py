"""The desktop: notifications, presence, sound, and windows in a terminal or browser."""
