"""One tour through the editions for all tests of this folder."""

from __future__ import annotations

import pytest

from tests.crawl.tour import Tour, make_tour, worker_folder


@pytest.fixture(scope="session")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Tour:
    return make_tour(worker_folder(tmp_path_factory.getbasetemp()))
