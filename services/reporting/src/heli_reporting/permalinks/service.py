"""Keeping answers, and giving them back to those who may see all that they were counted from."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson

from heli_reporting.permalinks.domain import Answer, code_of, is_covered
from heli_reporting.permalinks.repository import Answers
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import NotFound


class Permalinks:
    """The answers that were given, by code."""

    def __init__(self, answers: Answers, *, ancestors: Callable[[str], list[str]]) -> None:
        """Keep answers in `answers`; `ancestors` returns the divisions above one."""
        self._answers = answers
        self._ancestors = ancestors

    def keep(self, code: str, body: bytes, *, scope: Scope, given_at: datetime) -> None:
        """Keep an answer so that its code gives the same bytes from now on."""
        self._answers.add(Answer(code, body, scope, given_at))

    def seal(self, content: dict[str, Any], *, scope: Scope, given_at: datetime) -> bytes:
        """Return the bytes of an answer whose passport names its permalink, after keeping them for good."""
        code = code_of(orjson.dumps(content))
        content["passport"]["permalink"] = f"/v1/permalinks/{code}"
        body = orjson.dumps(content)
        self.keep(code, body, scope=scope, given_at=given_at)
        return body

    def read(self, code: str, reader: Scope) -> bytes:
        """Return the bytes of an answer; NotFound when there is none that the reader may see."""
        answer = self._answers.find(code)
        if answer is None or not is_covered(answer.scope, reader, ancestors=self._ancestors):
            raise NotFound(
                "没有这个固定链接，或您无权查看其统计范围。",
                "There is no such permalink, or it counts rows that you may not see.",
            )
        return answer.body
