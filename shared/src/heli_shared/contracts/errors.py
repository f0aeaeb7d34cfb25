"""What can go wrong when one service asks another: small classes that a caller can tell apart."""


class PeerError(Exception):
    """A peer could not be asked, or its answer could not be used."""

    def __init__(self, peer: str, reason: str) -> None:
        """Keep which peer it was and, in English for logs, what happened."""
        super().__init__(f"{peer}: {reason}")
        self.peer = peer
        self.reason = reason


class Unreachable(PeerError):
    """No answer: connection refused, time-out, overload or a fault on the peer's side; may pass by itself."""

    def __init__(self, peer: str, reason: str, *, retry_after: float | None = None) -> None:
        """Keep also how many seconds the peer asked us to wait, if it did."""
        super().__init__(peer, reason)
        self.retry_after = retry_after


class Refused(PeerError):
    """The peer understood and said no (4xx); asking again the same way will not help."""

    def __init__(self, peer: str, status: int, problem: str) -> None:
        """Keep the status and the problem's stable type."""
        super().__init__(peer, f"refused with {status} ({problem})")
        self.status = status
        self.problem = problem


class Unrecognised(Refused):
    """The peer does not accept the token (401)."""


class Gone(Refused):
    """The cursor belongs to another time of the peer (410): start again from the bulk copy."""


class Malformed(PeerError):
    """The peer answered something that its contract does not allow: wrong shape, wrong order, too large, cut off."""
