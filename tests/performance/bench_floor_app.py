"""The floor of a request: a bare FastAPI application that runs the same SQL and returns the bytes, and nothing else.

Started as a process: `python -m tests.performance.bench_floor_app DATABASE-URL PORT PRINCIPAL`. The same SQL includes
the one statement that looks up who is asking.
"""

import sqlite3
import sys
import threading
from typing import Any

import fastapi
import orjson
import psycopg
import uvicorn
from psycopg.rows import dict_row
from starlette.responses import Response

PRINCIPAL = (
    "SELECT p.*, u.name AS unit_name, u.kind AS unit_kind, u.state AS unit_state, u.division, u.zone "
    "FROM principals p LEFT JOIN units u ON u.id = p.unit WHERE p.id = {mark}"
)
BY_ID = "SELECT * FROM enterprises WHERE uscc = {mark}"
PAGE = "SELECT * FROM enterprises ORDER BY uscc LIMIT 51"
COUNT = "SELECT count(*) AS total FROM enterprises"


class Rows:
    """One kept connection per thread; answers rows as dicts."""

    def __init__(self, url: str) -> None:
        """Remember where the database is."""
        self.url = url
        self.kept = threading.local()
        self.mark = "%s" if url.startswith("postgresql") else "?"

    def fetch(self, statement: str, *values: str) -> list[dict[str, Any]]:
        """Run a statement and return its rows."""
        connection = getattr(self.kept, "connection", None)
        if connection is None:
            connection = self.kept.connection = self.connect()
        return [dict(row) for row in connection.execute(statement.format(mark=self.mark), values)]

    def connect(self) -> Any:
        """Open a connection that only reads."""
        if self.url.startswith("postgresql"):
            return psycopg.connect(self.url, autocommit=True, row_factory=dict_row)
        connection = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection


def floor_app(url: str, principal: str) -> fastapi.FastAPI:
    """Return the application: one record by its key, and a page of fifty with the total."""
    app, rows = fastapi.FastAPI(openapi_url=None), Rows(url)

    @app.get("/enterprises/{uscc}")
    def get_enterprise(uscc: str) -> Response:
        rows.fetch(PRINCIPAL, principal)
        return Response(orjson.dumps(rows.fetch(BY_ID, uscc)[0]), media_type="application/json")

    @app.get("/enterprises")
    def list_enterprises() -> Response:
        rows.fetch(PRINCIPAL, principal)
        page = {"items": rows.fetch(PAGE)[:50], "total": rows.fetch(COUNT)[0]["total"]}
        return Response(orjson.dumps(page), media_type="application/json")

    @app.get("/ready")
    def get_readiness() -> Response:
        return Response(b"{}")

    return app


if __name__ == "__main__":
    app = floor_app(sys.argv[1], sys.argv[3])
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), access_log=False, log_level="warning")
