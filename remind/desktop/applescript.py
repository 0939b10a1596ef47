"""Quotes text for AppleScript."""


def quoted(text: str) -> str:
    """Return `text` as an AppleScript string, in which only quotes, backslashes and line breaks are special."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
