"""What can go wrong between Sidebeat and the model endpoint."""

from __future__ import annotations


class ModelEndpointError(Exception):
    """The endpoint did not start, died, refused a command, or lacks the settings of a real model."""
