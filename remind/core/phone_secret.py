"""What is derived from the secret that the service shares with nobody: names and answers on a public server.

Whoever reads the topic sees the answers that stand in its messages, but can make no others.
"""


def answer_topic(secret: str, topic: str) -> str:
    """Return the topic that the buttons of messages on `topic` post to."""
    return f"remind-{_digest(secret, 'topic', topic)}"


def sequence_id(secret: str, occurrence: str) -> str:
    """Return the name that all messages of `occurrence` have, so that each replaces the one before it."""
    return _digest(secret, "sequence", occurrence)


def answer_token(secret: str, occurrence: str, answer: str, round_: str = "") -> str:
    """Return what a press of the button `answer` posts; with `round_`, it stands for that round alone."""
    return _digest(secret, "answer", occurrence, answer, round_)


def same(token: str, text: str) -> bool:
    """Return whether `text` is `token`, in a time that does not tell how much of it fits."""
    import hmac

    return hmac.compare_digest(token.encode(), text.encode(errors="replace"))


def _digest(secret: str, *parts: str) -> str:
    import hmac  # only here, since the service keeps whatever it loads

    return hmac.new(bytes.fromhex(secret), "\n".join(parts).encode(), "sha256").hexdigest()[:32]
