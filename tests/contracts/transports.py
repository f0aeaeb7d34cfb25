"""Transports for httpx that end in this process instead of at a network."""

from collections.abc import Callable

import httpx
from fastapi import FastAPI
from starlette.testclient import TestClient

Answer = Callable[[httpx.Request], httpx.Response]


class AppTransport(httpx.BaseTransport):
    """Hands requests to an application."""

    def __init__(self, app: FastAPI) -> None:
        self._client = TestClient(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = [(name, value) for name, value in request.headers.multi_items() if name != "host"]
        answer = self._client.request(
            request.method, str(request.url), content=request.read(), headers=dict(headers), follow_redirects=False
        )
        kept = [(name, value) for name, value in answer.headers.multi_items() if name != "content-encoding"]
        return httpx.Response(answer.status_code, headers=kept, content=answer.content)


class Scripted(httpx.BaseTransport):
    """Answers from a list, one after the other, the last one for good; keeps what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception | Answer) -> None:
        self._answers = list(answers)
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        answer = self._answers[min(len(self.asked), len(self._answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)
