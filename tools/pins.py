"""Write the pins of all dependencies: constraints.txt and its mirror in pyproject.toml; `--check` compares the two.

Run by `./dev pins`, which has set uv up to look where pip looks. The lock file names package hosts, so only its
export is kept. `--upgrade` forgets the present pins first and takes the newest versions.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "constraints.txt"
PROJECT = ROOT / "pyproject.toml"
_MIRROR = re.compile(r"^constraint-dependencies = \[\n(?:.*\n)*?\]\n", re.MULTILINE)
_SECTION = "[tool.uv]\n"


def pinned(text: str) -> list[str]:
    """Return the pins of a constraints file: one requirement a line, no options, nothing that names a host."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith(("-", "#")) and "://" not in line]


def mirrored(text: str) -> list[str]:
    """Return the pins that a pyproject file repeats for uv."""
    return list(tomllib.loads(text)["tool"]["uv"].get("constraint-dependencies", []))


def with_mirror(text: str, pins: list[str]) -> str:
    """Return a pyproject file whose mirror holds these pins and that is the same in everything else."""
    body = "".join(f"    {_quoted(pin)},\n" for pin in pins)
    block = f"constraint-dependencies = [\n{body}]\n"
    bare = _MIRROR.sub("", text, count=1)
    return bare.replace(_SECTION, _SECTION + block, 1)


def _quoted(pin: str) -> str:
    return '"' + pin.replace('"', "'") + '"'


def missing(pins: list[str], mirror: list[str]) -> list[str]:
    """Return in sentences what one of the two has and the other has not."""
    return [
        *(f"only in constraints.txt: {pin}" for pin in pins if pin not in mirror),
        *(f"only in pyproject.toml: {pin}" for pin in mirror if pin not in pins),
    ]


def check() -> int:
    """Compare the two places and print each difference."""
    differences = missing(pinned(CONSTRAINTS.read_text("utf-8")), mirrored(PROJECT.read_text("utf-8")))
    print("\n".join(differences) or "constraints.txt and pyproject.toml agree.")
    return 1 if differences else 0


def export() -> str:
    """Resolve the workspace with all its groups by uv and return the pins it would install."""
    uv = str(Path(sys.executable).parent / "uv")
    subprocess.run([uv, "lock", "--quiet"], cwd=ROOT, check=True)
    command = [uv, "export", "--quiet", "--format", "requirements.txt", "--no-annotate", "--no-header", "--no-hashes"]
    command += ["--no-emit-workspace", "--all-groups", "--all-packages"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def write(*, upgrade: bool) -> int:
    """Resolve anew and write both places; a failure leaves both as they were."""
    before = PROJECT.read_text("utf-8")
    try:
        if upgrade:
            PROJECT.write_text(with_mirror(before, []), "utf-8")
        pins = pinned(export())
    except subprocess.CalledProcessError as error:
        PROJECT.write_text(before, "utf-8")
        return error.returncode
    finally:
        (ROOT / "uv.lock").unlink(missing_ok=True)
    CONSTRAINTS.write_text("".join(f"{pin}\n" for pin in pins), "utf-8")
    PROJECT.write_text(with_mirror(before, pins), "utf-8")
    print(f"constraints.txt: {len(pins)} pins.")
    return 0


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv else write(upgrade="--upgrade" in sys.argv))
