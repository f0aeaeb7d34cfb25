"""Settings of the assessment service, from HELI_* variables; read once, in `main`."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the data lies, where the database and the registry are, and where to listen."""

    model_config = SettingsConfigDict(env_prefix="HELI_", frozen=True, extra="ignore")

    data: Path = Path(".heli")
    host: str = "127.0.0.1"
    registry_port: int = Field(default=8101, ge=1, le=65535)
    assessment_port: int = Field(default=8102, ge=1, le=65535)
    registry_url: str | None = None
    assessment_database_url: str | None = None
    assessment_client_secret: SecretStr | None = None

    attachment_bytes: int = Field(default=20_000_000, ge=100_000, le=1_000_000_000)

    @property
    def database_url(self) -> str:
        """Return the database: the one that is set, or a SQLite file in the data folder."""
        return self.assessment_database_url or f"sqlite:///{(self.data / 'assessment.sqlite').resolve()}"

    @property
    def registry(self) -> str:
        """Return where registry is reached."""
        return self.registry_url or f"http://127.0.0.1:{self.registry_port}"

    def client_secret(self) -> str:
        """Return the secret that registry gave this service; FileNotFoundError until registry has started once."""
        if self.assessment_client_secret is not None:
            return self.assessment_client_secret.get_secret_value()
        return (self.data / "secrets" / "assessment.secret").read_text(encoding="utf-8").strip()
