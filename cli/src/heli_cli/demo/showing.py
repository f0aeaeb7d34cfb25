"""`heli demo`: the county loaded once, the main job run, and what came out of it told on one screen."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.console import Console

from heli_cli.client import Heli
from heli_cli.demo.assessment import tell
from heli_cli.demo.county import USUAL_SEED, USUAL_SIZE, county
from heli_cli.demo.loading import load
from heli_cli.demo.scores import explanation_of, publish_book, run_example, scores_of
from heli_cli.demo.screens import print_coverage, print_explanation, print_scores, print_worklist
from heli_cli.demo.telling import print_assessment
from heli_cli.launching import launched
from heli_cli.refusals import Refusal
from heli_cli.serving_all import print_addresses
from heli_cli.settings import Settings, read_settings
from heli_cli.tokens import token_source
from heli_shared.kernel.clock import SystemClock

_NOTE = "demo.json"
_DAILY = re.compile(r'"level": "(debug|info|warning)"')


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo under way: where it runs and where it prints."""

    settings: Settings
    heli: Heli
    console: Console


def show(console: Console, *, leave: bool, on: date) -> None:
    """Start the services, load the county unless it is there, print the results; serve on unless told to leave."""
    settings = read_settings()
    said: list[str] = []
    with ExitStack() as stack:
        # What signs tokens is loaded beside the services, which take their time to start.
        stack.enter_context(ThreadPoolExecutor(1)).submit(import_module, "heli_registry.identity.bootstrap")
        # What the services say is passed on at the end, whatever happens: the first secret is told only once.
        stack.callback(_pass_on, said, console)
        with console.status("启动服务 … starting the services …"):
            launcher = stack.enter_context(launched(settings, said.append))
        heli = stack.enter_context(Heli(settings, token=token_source(settings)))
        demo = Demo(settings, heli, console)
        _load_once(demo, on)
        _print_results(demo)
        print_addresses(settings, console)
        _pass_on(said, console)
        if not leave:
            launcher.watch()


def _load_once(demo: Demo, on: date) -> None:
    """Load the county and note that it was; a load that was interrupted is done again and finishes."""
    note = _read_note(demo.settings.data)
    if note.get("state") == "loaded":
        demo.console.print(f"示例县已加载（截至 {note['on']}）。 The demo county is loaded already.")
        return
    if not note and demo.heli.get("registry", "/v1/enterprises", limit=1)["total"]:
        raise Refusal(
            f"数据目录 {demo.settings.data} 中已有其他企业数据，示例县不会混入；请用 HELI_DATA 另设目录。",
            f"The data folder {demo.settings.data} holds other enterprises; set another HELI_DATA for the demo.",
        )
    day = date.fromisoformat(note["on"]) if note else on
    started = {"state": "loading", "on": day.isoformat(), "size": USUAL_SIZE, "seed": USUAL_SEED}
    _write_note(demo.settings.data, started)
    demo.console.print(f"加载示例县（{USUAL_SIZE:,} 家企业，截至 {day}）… Loading the demo county …")
    counts = load(demo.heli, county(USUAL_SIZE, USUAL_SEED, day), demo.console)
    demo.console.print("  " + "  ".join(f"{kind} {count:,}" for kind, count in counts.items()))
    _write_note(demo.settings.data, {**started, "state": "loaded"})


def _print_results(demo: Demo) -> None:
    heli, console = demo.heli, demo.console
    publish_book(heli)
    heli.post("reporting", "/v1/syncs")
    print_coverage(heli, console)
    run = run_example(heli, SystemClock().today())
    scores = scores_of(heli, run)
    print_scores(console, run, scores)
    for title, score in (("最高分 best", scores[0]), ("最低分 worst", scores[-1])):
        print_explanation(console, title, explanation_of(heli, run, score["subject"]))
    with console.status("考核一年 … a year of assessment …"):
        tell(demo.settings, heli, SystemClock().today())
    print_assessment(heli, console)
    print_worklist(heli, console)


def _pass_on(said: list[str], console: Console) -> None:
    """Print what the services said and was not printed yet, except their reports of daily work."""
    while said:
        line = said.pop(0)
        if not _DAILY.search(line):
            console.out(line)


def _read_note(data: Path) -> dict[str, Any]:
    path = data / _NOTE
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _write_note(data: Path, note: dict[str, Any]) -> None:
    draft = data / f"{_NOTE}.draft"
    draft.write_text(json.dumps(note), encoding="utf-8")
    draft.replace(data / _NOTE)
