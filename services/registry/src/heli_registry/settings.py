"""Settings of the registry service, from HELI_* variables; read once, in `main`."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from heli_registry.reconciliation.origins import read_origins


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
    webhook_allowed_hosts: str = ""
    reconciliation_origins: str = "*"
    purpose_required: bool = False
    import_kept_days: int = Field(default=30, ge=1, le=3_650)
    events_keep_alive_seconds: int = Field(default=10, ge=1, le=300)

    @field_validator("reconciliation_origins")
    @classmethod
    def _check_origins(cls, text: str) -> str:
        read_origins(text)
        return text

    @property
    def reconciliation_shared_with(self) -> tuple[str, ...]:
        """Return the origins whose pages may read reconciliation's answers: all, those listed, or none."""
        return read_origins(self.reconciliation_origins)

    @property
    def database_url(self) -> str:
        """Return the database: the one that is set, or a SQLite file in the data folder."""
        return self.registry_database_url or f"sqlite:///{(self.data / 'registry.sqlite').resolve()}"

    @property
    def webhook_hosts(self) -> frozenset[str]:
        """Return the hosts of the office's own network that pushes may go to: `host` or `host:port`, lower case."""
        return frozenset(part for part in self.webhook_allowed_hosts.lower().replace(",", " ").split() if part)
