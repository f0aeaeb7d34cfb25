"""Settings of the reporting service, from HELI_* variables; read once, in `main`."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MANUAL_STALE_SECONDS = 3600.0
_MISSED_ROUNDS = 6


class Settings(BaseSettings):
    """Where the data lies, where the others are, and how often they are read."""

    model_config = SettingsConfigDict(env_prefix="HELI_", frozen=True, extra="ignore")

    data: Path = Path(".heli")
    host: str = "127.0.0.1"
    registry_port: int = Field(default=8101, ge=1, le=65535)
    assessment_port: int = Field(default=8102, ge=1, le=65535)
    reporting_port: int = Field(default=8103, ge=1, le=65535)
    registry_url: str | None = None
    assessment_url: str | None = None
    reporting_database_url: str | None = None
    """Where the answers that were given are kept; a SQLite file in the data folder by default."""
    reporting_client_secret: SecretStr | None = None
    reporting_sync_seconds: float = Field(default=5.0, ge=0, le=86_400)
    """Seconds between reads of the feeds; 0 reads by POST /v1/syncs only."""
    reporting_stale_seconds: float | None = Field(default=None, gt=0)
    """Age in seconds from which a copy is stale; by default a minute or six missed reads, an hour when manual."""
    events_keep_alive_seconds: int = Field(default=10, ge=1, le=300)
    """Who follows the events hears something at least every so many seconds."""
    reporting_threads: int | None = Field(default=None, ge=1, le=256)
    """Threads of the columnar store; all processors by default."""

    @property
    def store(self) -> Path:
        """Return the file of the columnar copy; it may be deleted and is then pulled again."""
        return self.data / "reporting.duckdb"

    @property
    def forms(self) -> Path:
        """Return the folder of the county's own forms, one YAML file each; it may be missing."""
        return self.data / "forms"

    @property
    def archive_url(self) -> str:
        """Return the database of what cannot be pulled again: the answers that were given."""
        return self.reporting_database_url or f"sqlite:///{(self.data / 'reporting.sqlite').resolve()}"

    @property
    def registry(self) -> str:
        """Return where registry is reached."""
        return self.registry_url or f"http://127.0.0.1:{self.registry_port}"

    @property
    def assessment(self) -> str:
        """Return where assessment is reached."""
        return self.assessment_url or f"http://127.0.0.1:{self.assessment_port}"

    @property
    def stale_seconds(self) -> float:
        """Return the age from which a copy is called stale even if nothing failed."""
        if self.reporting_stale_seconds is not None:
            return self.reporting_stale_seconds
        if self.reporting_sync_seconds == 0:
            return MANUAL_STALE_SECONDS
        return max(60.0, _MISSED_ROUNDS * self.reporting_sync_seconds)

    def client_secret(self) -> str | None:
        """Return the secret that registry gave this service; None until registry has started for the first time."""
        if self.reporting_client_secret is not None:
            return self.reporting_client_secret.get_secret_value()
        file = self.data / "secrets" / "reporting.secret"
        return file.read_text(encoding="utf-8").strip() if file.is_file() else None
