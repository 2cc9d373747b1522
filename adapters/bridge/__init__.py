"""Drives any Paperclip `ServerAdapterModule` in a Node process of its own, over stdio."""

from adapters.bridge.errors import AdapterThrewError, BridgeError
from adapters.bridge.process import Bridge, RunListener, RunReport

__all__ = ["AdapterThrewError", "Bridge", "BridgeError", "RunListener", "RunReport"]
