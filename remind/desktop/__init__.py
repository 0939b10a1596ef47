"""The desktop: notifications, presence, terminal windows."""
