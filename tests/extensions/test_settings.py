"""Settings that nobody reads and settings that are no number end a run before it begins, by their names."""

from __future__ import annotations

import importlib

import pytest
from scrapy.settings import Settings

from newsbot import settings as newsbot_settings
from newsbot.core.errors import ConfigError
from newsbot.extensions.numbers import (
    FROM_ENVIRONMENT,
    refuse_bad_numbers,
    refuse_unknown_settings,
    refuse_unknown_variables,
)
from newsbot.extensions.run import store_settings


def project(**chosen: str) -> Settings:
    """newsbot's settings, and below them what stands behind ``-s``."""
    settings = Settings()
    settings.setmodule(newsbot_settings, priority="project")
    settings.setdict(chosen, priority="cmdline")
    return settings


def test_settings_as_shipped_are_known_and_good() -> None:
    settings = project(NEWSBOT_STORE_SEGMENT_LINES="10", NEWSBOT_RECHECK_ALWAYS="1", MY_OWN="x")
    refuse_unknown_settings(settings)
    refuse_bad_numbers(settings)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("NEWSBOT_DEPHT", "no setting is called NEWSBOT_DEPHT: did you mean NEWSBOT_DEPTH?", id="letters"),
        pytest.param(
            "NEWSBOT_STORE_SEGMENT_LINE",
            "no setting is called NEWSBOT_STORE_SEGMENT_LINE: did you mean NEWSBOT_STORE_SEGMENT_LINES?",
            id="of_the_store",
        ),
        pytest.param(
            "NEWSBOT_XYZZY", "no setting is called NEWSBOT_XYZZY: newsbot/settings.py has them all", id="none_near"
        ),
    ],
)
def test_setting_that_nobody_reads_is_refused_with_the_nearest(name: str, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        refuse_unknown_settings(project(**{name: "1"}))
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param(
            "NEWSBOT_OUTPT",
            "NEWSBOT_OUTPT in the environment is read by nobody: did you mean NEWSBOT_OUTPUT?",
            id="letters",
        ),
        pytest.param(
            "NEWSBOT_DEPTH",
            "NEWSBOT_DEPTH is not read from the environment: give it with -s NEWSBOT_DEPTH=VALUE",
            id="setting_of_the_command_line",
        ),
        pytest.param(
            "NEWSBOT_XYZZY",
            "NEWSBOT_XYZZY in the environment is read by nobody:"
            " it holds NEWSBOT_CONTACT, NEWSBOT_OUTPUT, NEWSBOT_SITES only",
            id="none_near",
        ),
    ],
)
def test_variable_that_nobody_reads_is_refused(name: str, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        refuse_unknown_variables(["HOME", "NEWSBOT_OUTPUT", name])
    assert str(refused.value) == message


def test_variables_that_are_read_pass_and_are_all_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_unknown_variables(["PATH", *FROM_ENVIRONMENT])
    for name in FROM_ENVIRONMENT:
        monkeypatch.setenv(name, "of the environment")
    taken = {
        name: value for name, value in vars(importlib.reload(newsbot_settings)).items() if name in FROM_ENVIRONMENT
    }
    monkeypatch.undo()
    importlib.reload(newsbot_settings)
    assert taken == dict.fromkeys(FROM_ENVIRONMENT, "of the environment")


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("NEWSBOT_RUN_MAX_S", "abc", "a number of at least 0"),
        ("NEWSBOT_RUN_MAX_PAGES", "2.5", "a whole number of at least 0"),
        ("DNS_TIMEOUT", "nan", "a number of at least 0"),
        ("ROBOTSTXT_OBEY", "perhaps", "True or False"),
    ],
)
def test_setting_that_is_no_number_is_refused_by_its_name(name: str, value: str, wanted: str) -> None:
    with pytest.raises(ConfigError) as refused:
        refuse_bad_numbers(project(**{name: value}))
    assert str(refused.value) == f"{name}={value}: {wanted} is wanted"


def test_setting_of_the_store_that_is_no_number_is_refused_by_its_name() -> None:
    with pytest.raises(ConfigError) as refused:
        store_settings(project(NEWSBOT_STORE_SEGMENT_BYTES="-1"))
    assert str(refused.value) == "NEWSBOT_STORE_SEGMENT_BYTES=-1: a whole number of at least 0 is wanted"
