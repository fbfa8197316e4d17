"""What a page claims and is not believed is counted, though extraction has refused it before the pipeline."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from newsbot.items.model import Capture, PageVisit, Story
from newsbot.items.validate import validate
from newsbot.pipelines.validate import ValidatePipeline


def test_date_refused_by_extraction_is_counted_by_the_pipeline() -> None:
    story = Story(headline="Bridge closes", body="The bridge closes.", date_published="1970-01-01T00:00:00+00:00")
    capture = Capture(page=PageVisit(fetched_at="2024-05-04T00:00:00+00:00"), story=story)
    validate(capture)
    stats = MemoryStatsCollector(cast(Any, SimpleNamespace(settings=Settings())))
    assert ValidatePipeline(stats).process_item(capture) is capture
    assert stats.get_value("newsbot/validate/date_too_early") == 1
