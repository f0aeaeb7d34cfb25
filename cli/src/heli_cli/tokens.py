"""Access tokens without a password, for who may read the data folder: signed with the issuer's own key."""

from collections.abc import Callable

from heli_cli.refusals import Refusal
from heli_cli.settings import Settings, read_settings

_OWN_MINUTES = 10


def token_source(settings: Settings) -> Callable[[], str]:
    """Return what gives this command line its tokens: HELI_TOKEN where it is set, else the data folder's issuer."""
    if settings.token is not None:
        given = settings.token
        return lambda: given
    return lambda: local_token(None, minutes=_OWN_MINUTES)


def local_token(login: str | None, *, minutes: int) -> str:
    """Return a token for a principal by its login, by default the first administrator; Refusal when there is none."""
    from sqlalchemy.exc import SQLAlchemyError

    from heli_registry.identity.bootstrap import ADMIN_LOGIN, issue_offline_token
    from heli_registry.settings import Settings as RegistrySettings
    from heli_shared.kernel.clock import SystemClock
    from heli_shared.kernel.errors import NotFound

    settings = RegistrySettings()
    folder = read_settings().data
    nothing = Refusal(
        f"数据目录 {folder} 中还没有登记库；请先运行 ./dev up 或 ./dev demo。",
        f"There is no registry in the data folder {folder} yet; run ./dev up or ./dev demo first.",
    )
    if settings.registry_database_url is None and not (folder / "registry.sqlite").exists():
        raise nothing
    try:
        return issue_offline_token(
            folder, settings.database_url, clock=SystemClock(), login=login or ADMIN_LOGIN, lifetime=minutes * 60
        ).token
    except NotFound as error:
        raise Refusal(error.zh, error.en) from error
    except SQLAlchemyError as error:
        raise nothing from error
