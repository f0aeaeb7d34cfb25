"""`heli up`: the three services with their addresses told once they are ready."""

from rich.console import Console

from heli_cli.launching import launched
from heli_cli.settings import SERVICES, Settings, read_settings

_WORDS = {
    "registry": "登记 what is there",
    "assessment": "考核 what was done, how well",
    "reporting": "统计 where do we stand",
}


def serve(console: Console) -> None:
    """Serve until told to stop; Refusal when a service cannot start or ends by itself."""
    settings = read_settings()
    with launched(settings, console.out) as launcher:
        print_addresses(settings, console)
        launcher.watch()
    console.print("已停止。 Stopped.")


def print_addresses(settings: Settings, console: Console) -> None:
    """Tell where the services are, and how to get a token."""
    console.print("[bold]合力已就绪。 Heli is ready.[/bold]")
    for service in SERVICES:
        console.print(f"  {service:<11}{settings.urls[service]}   {_WORDS[service]}")
    console.print(f"  看板 board  {settings.urls['reporting']}/")
    console.print(f"  数据 data   {settings.data}")
    console.print("  令牌 token  ./dev heli token   → Authorization: Bearer …")
    console.print("  Ctrl-C 停止 stops")
