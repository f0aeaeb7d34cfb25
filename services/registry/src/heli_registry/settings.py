"""Settings of the registry service, from HELI_* variables; read once, in `main`."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the data lies, where the database is, and where to listen."""

    model_config = SettingsConfigDict(env_prefix="HELI_", frozen=True, extra="ignore")

    data: Path = Path(".heli")
    host: str = "127.0.0.1"
    registry_port: int = Field(default=8101, ge=1, le=65535)
    registry_database_url: str | None = None
    assessment_client_secret: SecretStr | None = None
    reporting_client_secret: SecretStr | None = None
    people_key: SecretStr | None = None

    @property
    def database_url(self) -> str:
        """Return the database: the one that is set, or a SQLite file in the data folder."""
        return self.registry_database_url or f"sqlite:///{(self.data / 'registry.sqlite').resolve()}"
