"""Exchange put together: what is shared, how it is taken, pushed, proved and corrected, and where that is noted."""

from collections.abc import Sequence

import sqlalchemy as sa
from fastapi import APIRouter

from heli_registry.agreements.service import SHARING_AGREEMENTS
from heli_registry.burden.endpoints import burden_router
from heli_registry.burden.service import FORM_ITEMS, FORMS
from heli_registry.catalogue.endpoints import catalogue_router
from heli_registry.corrections.endpoints import corrections_router
from heli_registry.corrections.service import corrections_resource
from heli_registry.database import LEDGER
from heli_registry.deliveries.endpoints import deliveries_router
from heli_registry.deliveries.recorder import DeliveryRecorder
from heli_registry.imports.labels import sheet_words
from heli_registry.people.cipher import PersonalCipher
from heli_registry.settings import Settings
from heli_registry.sight import SIGHTS
from heli_registry.subscriptions.endpoints import subscriptions_router
from heli_registry.subscriptions.sending import HttpSender
from heli_registry.subscriptions.service import subscriptions_resource
from heli_registry.subscriptions.worker import PushWorker
from heli_shared.kernel.clock import Clock
from heli_shared.records.calls import RecordCalls
from heli_shared.records.digest_endpoints import digest_router
from heli_shared.records.digest_index import DigestIndex
from heli_shared.records.endpoints import record_router
from heli_shared.records.exports import export_router
from heli_shared.records.feed import feed_router
from heli_shared.records.service import Resource
from heli_shared.records.snapshots import SnapshotShelf


class Exchange:
    """Everything that hands records out of one registry; `start` and `stop` belong into the service's lifespan."""

    def __init__(
        self,
        settings: Settings,
        engine: sa.Engine,
        *,
        cipher: PersonalCipher,
        clock: Clock,
        plain: Sequence[Resource],
        others: Sequence[Resource],
    ) -> None:
        """Put exchange together over the registry's kinds; values of `plain` ones can be asked to be corrected."""
        self._settings = settings
        self._cipher = cipher
        self._plain = {resource.kind.plural: resource for resource in plain}
        self._corrections = corrections_resource(clock.today)
        allowed = settings.webhook_hosts
        self._subscriptions = subscriptions_resource(allowed, self._plain)
        own = (SHARING_AGREEMENTS, self._corrections, FORMS, FORM_ITEMS, self._subscriptions)
        resources = (*plain, *others, *own)
        self.resources = {resource.kind.plural: resource for resource in resources}
        self._by_entity = {resource.kind.entity: resource for resource in resources}
        self.recorder = DeliveryRecorder(engine, clock=clock, purpose_required=settings.purpose_required)
        self.pushes = PushWorker(
            engine,
            LEDGER,
            self._by_entity,
            cipher=cipher,
            sender=HttpSender(),
            log=self.recorder,
            clock=clock,
            sights=SIGHTS,
            allowed=allowed,
        )

    def start(self) -> None:
        """Begin to note deliveries and to push."""
        self.recorder.start()
        self.pushes.start()

    def stop(self) -> None:
        """Stop pushing, then write what was noted."""
        self.pushes.stop()
        self.recorder.stop()

    def routers(self, calls: RecordCalls) -> list[APIRouter]:
        """Return the routes of exchange."""
        data = self._settings.data
        return [
            feed_router(self._by_entity, log=self.recorder, sights=SIGHTS),
            export_router(
                calls, self.resources, words=sheet_words, log=self.recorder, shelf=SnapshotShelf(data / "snapshots")
            ),
            digest_router(self.resources, DigestIndex(LEDGER, data / "digests"), self.recorder),
            catalogue_router(self.resources),
            deliveries_router(self.recorder),
            record_router(SHARING_AGREEMENTS),
            subscriptions_router(self._subscriptions, self._cipher),
            corrections_router(self._corrections, self._plain),
            burden_router(self._plain, self.recorder),
        ]
