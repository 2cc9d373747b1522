"""What tests of all rooms share."""

from __future__ import annotations

import asyncio

import pytest

from adapters.node_runtime import NodeRuntimeLayout, default_layout, ensure_installed, prepare_app_files

_COLD_INSTALL_TIMEOUT_S = 900


@pytest.fixture(scope="session")
def node_runtime() -> NodeRuntimeLayout:
    """The real Node packages, installed once into the user's ordinary cache, with our JavaScript beside them."""
    layout = default_layout()
    asyncio.run(ensure_installed(layout, lambda _: None))
    prepare_app_files(layout)
    return layout


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test that uses `node_runtime` may have to install it."""
    for item in items:
        if "node_runtime" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(_COLD_INSTALL_TIMEOUT_S))
            return
