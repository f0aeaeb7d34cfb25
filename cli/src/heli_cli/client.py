"""Calls of the three services as one user: bearer token, problems told in a sentence, nothing half understood."""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from heli_cli.refusals import Refusal
from heli_cli.settings import Settings

_TOKEN_SECONDS = 240.0
_UNAUTHORIZED = 401
_CONFLICT = 409
_PAGE = 500
_ASK_AGAIN = (429, 503)
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)


class Heli:
    """A client of a running Heli; `token` is called for a fresh token now and then."""

    def __init__(
        self,
        settings: Settings,
        *,
        token: Callable[[], str],
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Nothing is called yet; `transport` and `sleep` are the world's unless a test brings its own."""
        self._urls = settings.urls
        self._token = token
        self._good_until = 0.0
        self._sleep = sleep
        self._client = httpx.Client(
            timeout=httpx.Timeout(600, connect=10), headers={"Accept-Language": "zh, en"}, transport=transport
        )

    def __enter__(self) -> Self:
        """Return the client itself; it is closed at the end of the block."""
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, service: str, path: str, **parameters: Any) -> Any:
        """Return the JSON of a GET; Refusal when the service refuses."""
        return self.call(service, "GET", path, params=_given(parameters)).json()

    def post(self, service: str, path: str, body: Any = None, **parameters: Any) -> Any:
        """Return the JSON of a POST; Refusal when the service refuses."""
        return self.call(service, "POST", path, json=body, params=_given(parameters)).json()

    def list(self, service: str, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield the items of all pages of a list."""
        cursor = None
        while True:
            page = self.get(service, path, cursor=cursor, limit=_PAGE, **parameters)
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def create(self, service: str, plural: str, key: str, body: dict[str, Any]) -> bool:
        """Create a record and return True; False when it is there already, so that a repeated load changes nothing."""
        answer = self._send(service, "POST", f"/v1/{plural}", json=body)
        if answer.is_success:
            return True
        if answer.status_code == _CONFLICT and self._send(service, "GET", f"/v1/{plural}/{key}").is_success:
            return False
        raise refusal_of(answer)

    def close_record(
        self, service: str, plural: str, key: str, *, reason: str, effective_on: str | None = None, **details: str
    ) -> bool:
        """Close a record, with its kind's own closing fields, and return True; False when it is closed already."""
        path = f"/v1/{plural}/{key}"
        found = self.call(service, "GET", path)
        if found.json()["state"] == "closed":
            return False
        body = {"reason": reason, "effective_on": effective_on, **details}
        self.call(service, "POST", f"{path}/close", json=body, headers={"If-Match": found.headers["ETag"]})
        return True

    def upload(
        self, file: Path, kind: str, *, service: str = "registry", dry_run: bool, **parameters: str | None
    ) -> str:
        """Send a list for import and return the import's id."""
        params = {"kind": kind, "dry_run": "true" if dry_run else "false", **_given(parameters)}
        with file.open("rb") as stream:
            answer = self.call(service, "POST", "/v1/imports", params=params, files={"file": (file.name, stream)})
        return str(answer.json()["id"])

    def download(self, service: str, path: str, out: Path, **parameters: Any) -> Mapping[str, str]:
        """Write what a GET gives into a file, piece by piece, and return its headers; Refusal leaves no file."""
        url = self._urls[service] + path
        part = out.with_name(f"{out.name}.part")
        try:
            with self._client.stream(
                "GET", url, params=_given(parameters), **_with_token({}, self._fresh_token())
            ) as answer:
                if answer.is_error:
                    answer.read()
                    raise refusal_of(answer)
                with part.open("wb") as target:
                    for piece in answer.iter_bytes():
                        target.write(piece)
        except httpx.TransportError as error:
            part.unlink(missing_ok=True)
            raise _no_answer(service, self._urls[service], error) from error
        part.replace(out)
        return answer.headers

    def call(self, service: str, method: str, path: str, **rest: Any) -> httpx.Response:
        """Return the answer to a call; Refusal when it is an error or nobody answers."""
        answer = self._send(service, method, path, **rest)
        if answer.is_error:
            raise refusal_of(answer)
        return answer

    def _send(self, service: str, method: str, path: str, **rest: Any) -> httpx.Response:
        """Send a request, again after a while where the service asks for that."""
        for pause in _PAUSES:
            answer = self._send_once(service, method, path, **rest)
            if answer.status_code not in _ASK_AGAIN or "files" in rest:
                return answer
            self._sleep(pause)
        return self._send_once(service, method, path, **rest)

    def _send_once(self, service: str, method: str, path: str, **rest: Any) -> httpx.Response:
        url = self._urls[service] + path
        try:
            answer = self._client.request(method, url, **_with_token(rest, self._fresh_token()))
        except httpx.TransportError as error:
            raise _no_answer(service, self._urls[service], error) from error
        if answer.status_code == _UNAUTHORIZED:
            self._good_until = 0.0
        return answer

    def _fresh_token(self) -> str:
        if time.monotonic() > self._good_until:
            self._held = self._token()
            self._good_until = time.monotonic() + _TOKEN_SECONDS
        return self._held


def _no_answer(service: str, url: str, error: Exception) -> Refusal:
    return Refusal(
        f"无法连接 {service}（{url}）；请先运行 ./dev up。",
        f"{service} does not answer at {url}; run ./dev up first ({type(error).__name__}).",
    )


def refusal_of(answer: httpx.Response) -> Refusal:
    """Return what a problem document says as a refusal of the command line."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    detail = problem.get("detail") or problem.get("title") or answer.reason_phrase
    errors = "；".join(f"{each['pointer']} {each['detail']}" for each in problem.get("errors") or ())
    kind = str(problem.get("type") or "").rpartition(":")[2] or "error"
    asked = f"{answer.request.method} {answer.request.url.path}"
    return Refusal(f"{detail}{f'（{errors}）' if errors else ''}", f"Refused: {kind} ({asked} → {answer.status_code}).")


def _given(parameters: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if value is not None}


def _with_token(rest: dict[str, Any], token: str) -> dict[str, Any]:
    return {**rest, "headers": {**rest.get("headers", {}), "Authorization": f"Bearer {token}"}}
