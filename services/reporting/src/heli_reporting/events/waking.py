"""Waking those who wait for news: a waiter is a future in its event loop, no thread, no connection to anything."""

import asyncio
import threading


class Bell:
    """Rings from any thread; `rung` grows with every ring, so that none between looking and waiting goes unheard."""

    def __init__(self) -> None:
        """Start silent."""
        self.rung = 0
        self.is_closed = False
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = set()
        self._lock = threading.Lock()

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self._lock:
            self.rung += 1
            waiting, self._waiting = self._waiting, set()
        for loop, future in waiting:
            # A loop that has ended since has nobody left to wake.
            if not loop.is_closed():
                loop.call_soon_threadsafe(_wake, future)

    def close(self) -> None:
        """Wake everybody for the last time: the service ends."""
        self.is_closed = True
        self.ring()

    async def wait(self, heard: int, seconds: float) -> bool:
        """Return True at the first ring after `heard`, at once when it rang already; False after so many seconds."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._lock:
            if self.rung != heard:
                return True
            self._waiting.add((loop, future))
        try:
            await asyncio.wait_for(future, seconds)
        except TimeoutError:
            return False
        finally:
            with self._lock:
                self._waiting.discard((loop, future))
        return True


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
