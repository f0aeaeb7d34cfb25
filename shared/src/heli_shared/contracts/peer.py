"""One careful way to ask another service: time limits, retries within a budget, checked answers, no redirects."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

import httpx
import stamina
from pydantic import BaseModel, ValidationError

from heli_shared.contracts.errors import Gone, Malformed, PeerError, Refused, Unreachable, Unrecognised

ModelT = TypeVar("ModelT", bound=BaseModel)
JSON_LIMIT = 64 * 1024 * 1024
_PROBLEM_LIMIT = 64 * 1024
_GONE, _UNAUTHORIZED, _TOO_MANY = 410, 401, 429
_CLIENT_ERRORS = range(400, 500)
_SERVER_ERRORS = range(500, 600)
_OK = 200
_MAX_RETRY_AFTER = 5.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a peer, in seconds, and how often to ask again what can be asked again."""

    connect: float = 1.0
    read: float = 10.0
    total: float = 20.0
    attempts: int = 3


class RetryBudget:
    """Lets retries add at most a tenth to the calls, so that a sick peer is not drowned by its friends."""

    def __init__(self, *, share: float = 0.1, most: float = 10.0) -> None:
        """Start with a full purse of `most` retries; every call earns `share` of one."""
        self._share = share
        self._most = most
        self._purse = most
        self._lock = threading.Lock()

    def earn(self) -> None:
        """Count one first attempt."""
        with self._lock:
            self._purse = min(self._most, self._purse + self._share)

    def spend(self) -> bool:
        """Take one retry out of the purse; False when it is empty."""
        with self._lock:
            if self._purse < 1.0:
                return False
            self._purse -= 1.0
            return True


class TokenSource(Protocol):
    """What gives the token that a call carries."""

    def token(self) -> str:
        """Return a token that is still good for some seconds."""
        ...

    def forget(self) -> None:
        """Drop a token that was not accepted, so that the next call gets a new one."""
        ...


@dataclass(frozen=True, slots=True)
class FixedToken:
    """A token that somebody else keeps fresh."""

    value: str

    def token(self) -> str:
        """Return the token."""
        return self.value

    def forget(self) -> None:
        """Do nothing: there is no other."""


def open_http(base_url: str, patience: Patience, *, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Return a client for one peer that follows no redirects and reads no proxy settings from the environment."""
    limits = httpx.Timeout(patience.read, connect=patience.connect, pool=patience.connect)
    return httpx.Client(base_url=base_url, timeout=limits, transport=transport, trust_env=False)


class Peer:
    """One service as seen by another."""

    def __init__(
        self,
        name: str,
        http: httpx.Client,
        *,
        tokens: TokenSource | None = None,
        patience: Patience | None = None,
        budget: RetryBudget | None = None,
        json_limit: int = JSON_LIMIT,
    ) -> None:
        """Ask `name` through `http`, with a token of `tokens` on each call; `json_limit` is the most bytes of JSON."""
        self.name = name
        self._http = http
        self._tokens = tokens
        self._patience = patience or Patience()
        self._budget = budget or RetryBudget()
        self._json_limit = json_limit

    def close(self) -> None:
        """Close the connections that are kept open; nothing can be asked afterwards."""
        self._http.close()

    def get(
        self,
        path: str,
        model: type[ModelT],
        *,
        params: Mapping[str, str | int] | None = None,
        tokens: TokenSource | None = None,
        wait: float = 0.0,
    ) -> ModelT:
        """Return the checked answer to a GET, asked again when the peer fails; `wait` seconds of long polling."""
        self._budget.earn()
        for attempt in stamina.retry_context(
            on=self._is_worth_a_retry,
            attempts=self._patience.attempts,
            timeout=self._patience.total + wait,
            wait_initial=0.05,
            wait_max=1.0,
            wait_jitter=0.05,
        ):
            with attempt, self.stream(path, params=params, tokens=tokens, wait=wait) as response:
                return self._checked(response, model)
        raise AssertionError("retry_context ends by returning or raising")  # pragma: no cover

    def post_form(self, path: str, form: Mapping[str, str], model: type[ModelT]) -> ModelT:
        """Return the checked answer to a form post without a token; asked once."""
        try:
            with self._http.stream("POST", path, data=dict(form)) as response:
                self._raise_for(response)
                return self._checked(response, model)
        except httpx.HTTPError as error:
            raise Unreachable(self.name, type(error).__name__) from error

    @contextmanager
    def stream(
        self,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        tokens: TokenSource | None = None,
        wait: float = 0.0,
    ) -> Iterator[httpx.Response]:
        """Open the answer to one GET for reading; a token that was refused is renewed once."""
        source = tokens or self._tokens
        try:
            with self._open(path, params, source, wait) as response:
                if response.status_code != _UNAUTHORIZED or source is None:
                    self._raise_for(response)
                    yield response
                    return
            source.forget()
            with self._open(path, params, source, wait) as response:
                self._raise_for(response)
                yield response
        except httpx.HTTPError as error:
            raise Unreachable(self.name, type(error).__name__) from error

    def _open(
        self, path: str, params: Mapping[str, str | int] | None, source: TokenSource | None, wait: float
    ) -> AbstractContextManager[httpx.Response]:
        headers = {"Authorization": f"Bearer {source.token()}"} if source else {}
        timeout = httpx.Timeout(self._patience.read + wait, connect=self._patience.connect, pool=self._patience.connect)
        return self._http.stream("GET", path, params=params, headers=headers, timeout=timeout)

    def _is_worth_a_retry(self, error: Exception) -> bool | float:
        if not isinstance(error, Unreachable) or not self._budget.spend():
            return False
        return True if error.retry_after is None else min(error.retry_after, _MAX_RETRY_AFTER)

    def _raise_for(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == _OK:
            return
        if status in _SERVER_ERRORS or status == _TOO_MANY:
            raise Unreachable(self.name, f"status {status}", retry_after=_seconds(response))
        if status not in _CLIENT_ERRORS:
            raise Malformed(self.name, f"unexpected status {status}")
        kinds: dict[int, type[Refused]] = {_GONE: Gone, _UNAUTHORIZED: Unrecognised}
        raise kinds.get(status, Refused)(self.name, status, self._problem(response))

    def _problem(self, response: httpx.Response) -> str:
        try:
            body = json.loads(self._body(response, _PROBLEM_LIMIT))
        except (ValueError, RecursionError, PeerError):
            return "unknown"
        kind = body.get("type") if isinstance(body, dict) else None
        return kind[:100] if isinstance(kind, str) else "unknown"

    def _checked(self, response: httpx.Response, model: type[ModelT]) -> ModelT:
        try:
            return model.model_validate_json(self._body(response, self._json_limit))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            raise Malformed(self.name, f"{first['type']} at {first['loc']}") from None

    def _body(self, response: httpx.Response, limit: int) -> bytes:
        parts, size = [], 0
        for part in response.iter_bytes():
            size += len(part)
            if size > limit:
                raise Malformed(self.name, f"answer larger than {limit} bytes")
            parts.append(part)
        return b"".join(parts)


def _seconds(response: httpx.Response) -> float | None:
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else None
