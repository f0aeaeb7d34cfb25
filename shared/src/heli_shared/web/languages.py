"""Which of the two languages of a sentence to show."""


def prefers_english(accept_language: str | None) -> bool:
    """Say whether English ranks before Chinese in an Accept-Language header; Chinese is the default."""
    best: dict[str, float] = {}
    for part in (accept_language or "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            best.setdefault(tag[:2].lower(), float(weight or 1))
        except ValueError:
            continue
    return best.get("en", 0.0) > best.get("zh", 0.0)
