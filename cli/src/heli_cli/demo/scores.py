"""The main job of the demo: the example rulebook put in force and all departments scored by it."""

from pathlib import Path
from typing import Any

from heli_cli.client import Heli
from heli_cli.demo.work import RULEBOOK
from heli_cli.refusals import Refusal

_EXAMPLE = Path("rulebooks") / "examples" / f"{RULEBOOK}.yaml"


def put_example(heli: Heli) -> None:
    """Put the example rulebook in force; where it is already, nothing changes."""
    heli.call(
        "assessment", "PUT", f"/v1/rulebooks/{RULEBOOK}",
        content=example_file().read_bytes(), headers={"Content-Type": "application/yaml"},
    )  # fmt: skip


def run_example(heli: Heli) -> dict[str, Any]:
    """Score all departments as things stand and return the run; the same data give the same run again."""
    run: dict[str, Any] = heli.post("assessment", "/v1/runs", {"rulebook": RULEBOOK})
    return run


def scores_of(heli: Heli, run: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the scores of a run, the best first."""
    return list(heli.list("assessment", f"/v1/runs/{run['id']}/scores"))


def explanation_of(heli: Heli, run: dict[str, Any], subject: str) -> dict[str, Any]:
    """Return one department's score, item by item."""
    found: dict[str, Any] = heli.get("assessment", f"/v1/runs/{run['id']}/scores/{subject}")
    return found


def example_file() -> Path:
    """Return the example rulebook of the checkout; Refusal where Heli was installed without it."""
    for folder in (*Path(__file__).resolve().parents, Path.cwd()):
        if (folder / _EXAMPLE).is_file():
            return folder / _EXAMPLE
    raise Refusal(
        f"找不到示例考核细则 {_EXAMPLE}；请在源码目录中运行示例。",
        f"The example rulebook {_EXAMPLE} is not there; run the demo in a checkout.",
    )
