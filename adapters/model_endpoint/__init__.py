"""The model endpoint: the loopback server that answers an agent's model calls from a script, or passes them on."""

from adapters.model_endpoint.client import ModelEndpoint
from adapters.model_endpoint.errors import ModelEndpointError
from adapters.model_endpoint.journal import ModelRequest, role_sequence_sha256
from adapters.model_endpoint.messages import EndpointMode
from adapters.model_endpoint.real_model import RealModel
from adapters.model_endpoint.script import (
    OFF_SCRIPT_TEXT,
    ScriptedReply,
    ScriptedToolCall,
    ScriptedTurn,
    scripted_turns_sha256,
)

__all__ = [
    "OFF_SCRIPT_TEXT",
    "EndpointMode",
    "ModelEndpoint",
    "ModelEndpointError",
    "ModelRequest",
    "RealModel",
    "ScriptedReply",
    "ScriptedToolCall",
    "ScriptedTurn",
    "role_sequence_sha256",
    "scripted_turns_sha256",
]
