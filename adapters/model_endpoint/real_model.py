"""A real provider behind the endpoint, named by three environment variables; never required."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, SecretStr

from adapters.model_endpoint.errors import ModelEndpointError

BASE_URL_VARIABLE = "SIDEBEAT_MODEL_BASE_URL"
API_KEY_VARIABLE = "SIDEBEAT_MODEL_API_KEY"
MODEL_NAME_VARIABLE = "SIDEBEAT_MODEL_NAME"


class RealModel(BaseModel):
    """Where requests are passed on to. The agents send no key of their own; the endpoint adds it on the way out."""

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    base_url: str
    """An OpenAI-compatible base URL, as providers print it: with its `/v1`."""
    api_key: SecretStr
    model_name: str
    """The model that the agents must be configured to ask for."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> RealModel:
        """Read the three variables. Raises ModelEndpointError that names those that are missing."""
        names = (BASE_URL_VARIABLE, API_KEY_VARIABLE, MODEL_NAME_VARIABLE)
        missing = [name for name in names if not environment.get(name)]
        if missing:
            raise ModelEndpointError(f"a real model needs {' and '.join(missing)}; set them in the environment")
        base_url = environment[BASE_URL_VARIABLE]
        if not base_url.startswith(("http://", "https://")):
            raise ModelEndpointError(f"{BASE_URL_VARIABLE} must start with http:// or https://")
        key = SecretStr(environment[API_KEY_VARIABLE])
        return cls(base_url=base_url, api_key=key, model_name=environment[MODEL_NAME_VARIABLE])
