"""JSON-LD is read with its damage, and damage is a note."""

import pytest

from newsbot.core.jsonld import MAX_BLOCKS, read_json_ld


def objects(*texts):
    return list(read_json_ld(texts).objects)


@pytest.mark.parametrize(
    ("text", "expected", "notes"),
    [
        pytest.param('{"@type":"A","x":1}', [{"@type": "A", "x": 1}], (), id="good"),
        pytest.param('{"@type":"A","x":[1,2,],}', [{"@type": "A", "x": [1, 2]}], ("json_ld_repaired",), id="commas"),
        pytest.param('{"@type":"A" /* c */} // d', [{"@type": "A"}], ("json_ld_repaired",), id="comments"),
        pytest.param(
            '{"@type":"A","h":"a\nb\x01"}', [{"@type": "A", "h": "a\nb\x01"}], ("json_ld_damaged",), id="controls"
        ),
        pytest.param('<!-- {"@type":"A"} -->', [{"@type": "A"}], ("json_ld_damaged",), id="html comment"),
        pytest.param('//<![CDATA[\n{"@type":"A"}\n//]]>', [{"@type": "A"}], ("json_ld_damaged",), id="cdata"),
        pytest.param('{"@type":"A"};', [{"@type": "A"}], ("json_ld_damaged",), id="semicolon"),
        pytest.param('{"@type":"A"}{"@type":"B"}', [{"@type": "A"}, {"@type": "B"}], ("json_ld_damaged",), id="two"),
        pytest.param(
            '{"@type":"A","h":"say "no" now"}',
            [{"@type": "A", "h": 'say "no" now'}],
            ("json_ld_repaired",),
            id="quotes",
        ),
        pytest.param(
            '{"@type":"A","h":["one","two', [{"@type": "A", "h": ["one", "two"]}], ("json_ld_repaired",), id="cut off"
        ),
        pytest.param(
            '{"@type":"A","u":"http://x.test/a" "b":2}',
            [{"@type": "A", "u": "http://x.test/a", "b": 2}],
            ("json_ld_repaired",),
            id="no comma",
        ),
        pytest.param("{&quot;@type&quot;:&quot;A&quot;}", [{"@type": "A"}], ("json_ld_damaged",), id="escaped quotes"),
        pytest.param(
            '{"@type":"A","h":"\\ud800!"}', [{"@type": "A", "h": "\ufffd!"}], ("json_ld_damaged",), id="surrogate"
        ),
        pytest.param(
            '{"@type":"A","n":NaN,"m":1e999}',
            [{"@type": "A", "n": None, "m": None}],
            ("json_ld_number", "json_ld_damaged"),
            id="nan",
        ),
        pytest.param(
            '{"@type":"A","n":' + "9" * 5000 + "}",
            [{"@type": "A", "n": None}],
            ("json_ld_number", "json_ld_damaged"),
            id="huge int",
        ),
        pytest.param("not json", [], ("json_ld_invalid",), id="no json"),
        pytest.param("[" * 100_000, [], ("json_ld_too_deep",), id="deep"),
        pytest.param('"' + "x" * 600_000 + '"', [], ("json_ld_too_large",), id="large"),
    ],
)
def test_damage_is_read_and_noted(text, expected, notes):
    found = read_json_ld([text])
    assert (list(found.objects), found.notes) == (expected, notes)


def test_a_broken_script_costs_its_own_data_only():
    found = read_json_ld(['{"@type":"A"}', "<<<", "", '{"@type":"B"}'])
    assert [node["@type"] for node in found.objects] == ["A", "B"]
    assert found.notes == ("json_ld_invalid",)


def test_graph_and_arrays_are_flattened_outer_first():
    text = '[{"@graph":[{"@type":"WebPage","@id":"#p","x":1},{"@type":"NewsArticle","author":{"@type":"Person"}}]}]'
    found = read_json_ld([text])
    assert [node["@type"] for node in found.objects] == ["WebPage", "NewsArticle", "Person"]
    assert found.by_id == {"#p": {"@type": "WebPage", "@id": "#p", "x": 1}}


def test_scripts_beyond_the_limit_are_noted():
    found = read_json_ld(['{"@type":"A"}'] * (MAX_BLOCKS + 1))
    assert len(found.objects) == MAX_BLOCKS
    assert found.notes == ("json_ld_too_many",)


def test_a_value_nested_beyond_the_limit_is_left_out_and_noted():
    text = '{"@type":"A","x":' + '{"y":' * 80 + '{"@type":"B"}' + "}" * 80 + "}"
    found = read_json_ld([text])
    assert [node["@type"] for node in found.objects] == ["A"]
    assert found.notes == ("json_ld_too_deep",)


def test_every_cut_of_a_good_script_is_read_without_error():
    text = '{"@type": "NewsArticle", "headline": "A \\"quoted\\" one", "author": [{"name": "Jane Doe"}], "n": 1.5}'
    for end in range(len(text)):
        read_json_ld([text[:end]])
