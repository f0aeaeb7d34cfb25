"""Replaying a page: its world is made, its commands are run in order, and what they print is kept."""

import shutil
import time
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import httpx

from docs.shell import Shell
from docs.site import opened
from docs.transcripts import BadPage, Page, Step, difference, fit, printed
from heli_shared.testing.databases import SqliteDatabases

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = ROOT / "docs" / "how-to"
FILES = HOW_TO / "files"
_PATIENCE = 30.0
_PAUSE = 0.05


@dataclass(frozen=True)
class Replay:
    """What the commands of a page printed; commands that are left out are not among them."""

    page: Page
    outputs: list[tuple[Step, list[str]]]

    def differences(self) -> list[str]:
        """Return a text for every command that prints something else than the page says."""
        return [
            f"{self.page.path.name}:{step.line}: $ {step.command}\n{difference(list(step.expected), actual)}"
            for step, actual in self.outputs
            if not fit(step.expected, actual)
        ]


def replay(page: Page, folder: Path, databases: SqliteDatabases) -> Replay:
    """Run a page in a fresh world whose working folder is `folder`; BadPage where it cannot be run."""
    if FILES.is_dir():
        shutil.copytree(FILES, folder, dirs_exist_ok=True)
    world = _world(page.world)
    outputs = []
    with opened(folder, databases, getattr(world, "SERVICES", ("registry",))) as site:
        world.fill(site)
        shell = Shell(site)
        for step in page.steps:
            if step.clock is not None:
                site.move_clock(step.clock)
                continue
            try:
                actual = _run(shell, step)
            except (BadPage, OSError, ValueError, LookupError, httpx.HTTPError) as error:
                raise BadPage(f"{page.path.name}:{step.line}: {error}") from error
            if actual is not None:
                outputs.append((step, actual))
    return Replay(page, outputs)


def _world(name: str) -> object:
    module = f"docs.worlds.{name.replace('-', '_')}"
    if find_spec(module) is None:
        raise BadPage(f"there is no world {name}; worlds are the modules in tests/docs/worlds")
    return import_module(module)


def _run(shell: Shell, step: Step) -> list[str] | None:
    """Run a command; what only asks is asked again for a while where the answer does not fit yet."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        found = shell.run(step.command)
        if found is None:
            return None
        actual = printed(*found)
        if fit(step.expected, actual) or not _only_asks(step.command) or time.monotonic() > deadline:
            return actual
        time.sleep(_PAUSE)


def _only_asks(command: str) -> bool:
    words = {*command.split()}
    return command.startswith("curl ") and ("-G" in words or not {"-X", "-d", "-F", "--data-urlencode"} & words)
