"""What can go wrong while Node's packages are found or installed."""

from __future__ import annotations


class NodeInstallError(Exception):
    """Node's packages cannot be used; the message is one sentence with what failed and the remedy."""
