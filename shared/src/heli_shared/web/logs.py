"""Logs: one JSON line per event on standard error, without values of variables, so that nothing personal leaks."""

import logging
import os
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

import stamina
import structlog

_Event = MutableMapping[str, Any]
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure_logs(service: str) -> None:
    """Set up structured logs of a service's process: every line names the service; HELI_LOG_LEVEL says from when."""
    level = LEVELS.get(os.environ.get("HELI_LOG_LEVEL", "info").lower(), logging.INFO)
    structlog.configure(
        processors=[
            _naming(service),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    # A retry that helps is not news, and one that does not is told by whoever asked.
    stamina.instrumentation.set_on_retry_hooks([])


def _naming(service: str) -> Callable[[Any, str, _Event], _Event]:
    def name(_logger: Any, _method: str, event: _Event) -> _Event:
        event["service"] = service
        return event

    return name
