"""Execution roots: the directory tree in which a beat works."""

from adapters.roots.realise import ExecutionRoot, RootError, RootKind, RootRequest, realise_root

__all__ = ["ExecutionRoot", "RootError", "RootKind", "RootRequest", "realise_root"]
