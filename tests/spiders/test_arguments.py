"""What stands behind ``-a`` is checked when a spider is made, before anything is opened or asked for."""

from __future__ import annotations

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from newsbot import settings as newsbot_settings
from newsbot.core.errors import ConfigError
from newsbot.spiders.loader import SiteSpiderLoader


def make_spider(name: str, **arguments: str) -> object:
    """The spider as ``scrapy crawl NAME -a ...`` makes it."""
    settings = Settings()
    settings.setmodule(newsbot_settings, priority="project")
    spider_class = SiteSpiderLoader(settings).load(name)
    return spider_class.from_crawler(Crawler(spider_class, settings), **arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        pytest.param("news", {}, "-a sites=", id="nothing-to-crawl"),
        pytest.param("news", {"sites": "demo,nosuchsite"}, "nosuchsite", id="unknown-site"),
        pytest.param("news", {"url": "ftp://a.test/"}, "no http or https URL", id="scheme"),
        pytest.param("news", {"url": "http://a.test/", "max_page": "3"}, "did you mean max_pages", id="argument"),
        pytest.param("news", {"url": "http://a.test/", "max_pages": "no"}, "max_pages=no", id="number"),
        pytest.param("news", {"url": "http://a.test/", "since": "soon"}, "since=soon", id="date"),
        pytest.param("demo", {"zzz": "1"}, "it takes edition, max_pages", id="demo-arguments"),
        pytest.param("archive", {"warc": "/no/such.warc.gz"}, "no such file", id="no-archive"),
        pytest.param("archive", {}, "which archive?", id="no-archive-named"),
    ],
)
def test_bad_argument_is_refused_with_what_is_right(name: str, arguments: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        make_spider(name, **arguments)
    assert said in str(refused.value)


def test_unknown_spider_is_named_with_the_nearest_and_with_what_writes_a_site_file() -> None:
    with pytest.raises(KeyError) as refused:
        make_spider("demoo")
    (message,) = refused.value.args
    assert message.startswith("no spider and no site file 'demoo'; did you mean demo")
    assert "`scrapy probe https://…` writes a site file" in message
