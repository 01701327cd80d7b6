"""The shape of every section of the configuration: frozen, and no key that is not known."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """One section of config.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")
