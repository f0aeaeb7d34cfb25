"""Making, listing and revoking calendar links, and reading by one with the rights that its owner has at that moment."""

import secrets
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

import structlog

from heli_reporting.calendar_links.domain import (
    MOST_LINKS,
    MOST_READS,
    SECRET_BYTES,
    CalendarLink,
    digest_of,
    seconds_to_wait,
)
from heli_reporting.calendar_links.repository import CalendarLinks
from heli_reporting.history.domain import KnownAt
from heli_reporting.worklists.service import Asked, Worklist, WorklistService
from heli_shared.contracts.errors import PeerError, Refused
from heli_shared.contracts.registry.client import RegistryClient
from heli_shared.kernel.access import Principal
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import Conflict, Forbidden, NotFound, TooMany, Unavailable
from heli_shared.kernel.ids import new_id

READS = "worklists:read"
_ADMINISTERS = "principals:write"
_NOT_FOUND = 404

log = structlog.get_logger()


class CalendarLinkService:
    """Opens one worklist to whoever holds a link; safe to share between threads."""

    def __init__(
        self,
        links: CalendarLinks,
        registry: RegistryClient,
        worklists: WorklistService,
        *,
        clock: Clock,
        make_secret: Callable[[], str] = lambda: secrets.token_urlsafe(SECRET_BYTES),
    ) -> None:
        """Keep links in `links`, ask `registry` for the rights of their owners, read `worklists`."""
        self._links = links
        self._registry = registry
        self._worklists = worklists
        self._clock = clock
        self._make_secret = make_secret
        self._reads: defaultdict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=MOST_READS))
        self._lock = threading.Lock()

    def create(
        self, principal: Principal, unit: str, *, days: int, language: Literal["zh", "en"]
    ) -> tuple[CalendarLink, str]:
        """Return a new link with its secret, told this once; NotFound for a unit that the maker does not see."""
        if principal.kind != "person":
            raise Forbidden(
                "日历链接只能由个人账号建立。", "Calendar links are for people; a client sends its token instead."
            )
        self._read(principal, unit, language)
        now, secret = self._clock.now(), self._make_secret()
        link = CalendarLink(new_id("cal"), unit, principal.id, language, now, now + timedelta(days=days))
        if not self._links.add(link, digest_of(secret), most=MOST_LINKS):
            raise Conflict(
                f"您已有 {MOST_LINKS} 个有效的日历链接，请先撤销不用的。",
                f"You have {MOST_LINKS} calendar links in use; revoke one that you do not need.",
            )
        log.info("calendar_link_created", link=link.id, principal=principal.id, unit=unit)
        return link, secret

    def page(self, principal: Principal, *, limit: int, before: str | None) -> tuple[list[CalendarLink], int]:
        """Return the caller's links, newest first, and how many there are; an administrator's are everybody's."""
        return self._links.page(None if _administers(principal) else principal.id, limit=limit, before=before)

    def revoke(self, principal: Principal, key: str) -> CalendarLink:
        """End a link of one's own, or as an administrator anybody's; ending it again changes nothing."""
        link = self._links.find(key)
        if link is None or (link.principal != principal.id and not _administers(principal)):
            raise NotFound("没有这个日历链接。", "There is no such calendar link.")
        self._links.revoke(key, by=principal.id, at=self._clock.now())
        log.info("calendar_link_revoked", link=key, principal=principal.id)
        return self._links.find(key) or link

    def read(self, secret: str) -> tuple[CalendarLink, Worklist]:
        """Return the worklist behind a secret; NotFound alike when link, account, right or sight of it is gone."""
        link = self._links.find_by_digest(digest_of(secret))
        if link is None or link.status(self._clock.now()) != "active":
            raise _no_calendar()
        self._check_pace(link.id)
        owner = self._owner(link)
        if not owner.may(READS):
            raise _no_calendar()
        try:
            return link, self._read(owner, link.unit, link.language)
        except NotFound as error:
            raise _no_calendar() from error

    def _owner(self, link: CalendarLink) -> Principal:
        try:
            return self._registry.rights(link.principal).to_principal()
        except PeerError as error:
            if isinstance(error, Refused) and error.status == _NOT_FOUND:
                raise _no_calendar() from error
            log.warning("calendar_owner_not_confirmed", link=link.id, reason=error.reason)
            raise Unavailable(
                "暂时无法核实链接所有人的权限，请稍后再试。",
                "The rights of the link's owner cannot be confirmed right now; try again shortly.",
                retry_after=60,
            ) from error

    def _read(self, principal: Principal, unit: str, language: Literal["zh", "en"]) -> Worklist:
        asked = Asked(principal, self._clock.today(), KnownAt(), language, unit)
        return self._worklists.worklist(asked, strict=False)

    def _check_pace(self, key: str) -> None:
        now = self._clock.now()
        with self._lock:
            reads = self._reads[key]
            wait = seconds_to_wait(reads, now)
            if wait == 0:
                reads.append(now)
        if wait:
            raise TooMany(
                "读取过于频繁，请把日历的刷新间隔调长。",
                "Read too often; let the calendar refresh less often.",
                retry_after=wait,
            )


def _administers(principal: Principal) -> bool:
    return principal.may(_ADMINISTERS) and principal.scope.everything


def _no_calendar() -> NotFound:
    return NotFound(
        "没有这个日历：链接有误、已过期或已撤销，或其所有人已无权查看。",
        "There is no such calendar: the link is wrong, expired or revoked, or its owner may not see it any more.",
    )
