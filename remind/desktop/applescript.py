"""Text as AppleScript reads it."""


def quoted(text: str) -> str:
    """Return `text` as a string of AppleScript, in which only a quote and a backslash have a meaning."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
