"""From the story's blocks to the body: nothing hidden, whole tables, entries with their times."""

from newsbot.core.blocks import Segments, segment
from newsbot.core.body import body_parts, drawn, with_entries, with_whole_tables
from newsbot.core.page import Page


def segments_of(html: str) -> Segments:
    data = html.encode()
    return segment(Page(url="https://example.org/a", html=data, size_bytes=len(data)))


def parts(segments: Segments, body: list[int], kind: str = "article") -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in body_parts(segments, body, None, kind)]


LONG = "The council decided on Tuesday to close the pier."


def test_hidden_blocks_leave_the_body() -> None:
    hidden = f"<p hidden>{LONG}</p><p style='display:none'>x</p><p aria-hidden=true>copy</p>"
    segments = segments_of(f"<p>{LONG}</p>{hidden}<p>{LONG} Twice.</p>")
    assert drawn(segments.blocks, [0, 1, 2, 3, 4]) == [0, 4]


def test_a_body_that_waits_for_a_script_stays() -> None:
    segments = segments_of(f"<p>Loading</p><div style='display:none'><p>{LONG}</p><p>{LONG}</p></div>")
    assert drawn(segments.blocks, [0, 1, 2]) == [0, 1, 2]


def test_a_consent_dialogue_is_no_body() -> None:
    asked = f"<div aria-modal=true><p>{LONG}</p></div><div role=alertdialog><p>{LONG}</p></div>"
    segments = segments_of(f"<p>{LONG * 4}</p>{asked}")
    assert drawn(segments.blocks, [0, 1, 2]) == [0]


def test_what_a_player_says_to_browsers_without_one_is_no_body() -> None:
    segments = segments_of(f"<p>{LONG}</p><video src=a.mp4><p>Your browser shows no video.</p></video>")
    assert drawn(segments.blocks, [0, 1]) == [0]


def test_a_plea_to_switch_scripts_on_is_no_body() -> None:
    segments = segments_of("<noscript>You need to enable JavaScript to run this app.</noscript>")
    assert drawn(segments.blocks, [0]) == []


def test_a_story_that_only_readers_without_scripts_get_is_the_body() -> None:
    segments = segments_of(f"<noscript>{f'<p>{LONG}</p>' * 7}</noscript>")
    assert drawn(segments.blocks, list(range(7))) == list(range(7))


def test_a_cell_of_several_blocks_is_one_cell_of_its_row() -> None:
    rows = "<tr><td><p>Schools</p><p>and halls</p></td><td>1,160</td></tr><tr><td>Roads</td><td>800</td></tr>"
    segments = segments_of(f"<p>{LONG}</p><table>{rows}</table>")
    said = parts(segments, [0, 1, 2, 3, 4, 5])
    assert said == [("paragraph", LONG), ("table_row", "Schools and halls 1,160"), ("table_row", "Roads 800")]


def test_paragraphs_in_a_table_that_holds_the_layout_stay_apart() -> None:
    segments = segments_of(f"<table><tr><td><p>{LONG * 3}</p><p>{LONG * 3}</p></td><td>Menu</td></tr></table>")
    assert parts(segments, [0, 1]) == [("paragraph", LONG * 3)] * 2


TABLE = "<table><tr><th>Item</th><th>2026</th></tr><tr><td>Schools</td><td>1,160</td></tr></table>"


def test_a_table_of_which_half_is_story_is_whole() -> None:
    segments = segments_of(f"<p>{LONG}</p>{TABLE}<p>{LONG}</p>")
    assert with_whole_tables(segments, [0, 1, 3, 5], {}) == [0, 1, 2, 3, 4, 5]
    assert with_whole_tables(segments, [0, 1, 3, 5], {2}) == [0, 1, 3, 4, 5]


def test_a_table_among_the_paragraphs_is_story_and_one_behind_them_is_not() -> None:
    segments = segments_of(f"<p>{LONG}</p>{TABLE}<p>{LONG}</p>{TABLE}")
    assert with_whole_tables(segments, [0, 5], {}) == [0, 1, 2, 3, 4, 5]


def test_a_table_of_links_is_no_data() -> None:
    links = TABLE.replace("Schools", "<a href=/s>Schools and more schools</a>")
    assert with_whole_tables(segments_of(f"<p>{LONG}</p>{links}<p>{LONG}</p>"), [0, 5], {}) == [0, 5]


def test_a_table_that_lays_out_the_page_is_left_alone() -> None:
    segments = segments_of(f"<table><tr><td>Menu</td><td>{LONG * 3}</td></tr></table>")
    assert with_whole_tables(segments, [1], {}) == [1]


def test_the_cells_of_a_row_are_one_part() -> None:
    segments = segments_of(f"<p>{LONG}</p>{TABLE}")
    assert parts(segments, [0, 1, 2, 3, 4]) == [
        ("paragraph", LONG),
        ("table_row", "Item 2026"),
        ("table_row", "Schools 1,160"),
    ]


LIVE = """<div class=e><div class=t><span>18.05</span><span>Jon Vik</span></div><div class=h>Road closed</div>
<div class=x>The coast road is closed.</div></div>
<div class=e><div class=t><span>17.20</span><span>Jon Vik</span></div><div class=h>Ferries cancelled</div>
<div class=x>No more ferries will sail today.</div></div>"""


def test_entries_of_a_live_blog_have_times_and_headings() -> None:
    segments = segments_of(LIVE)
    body = with_entries(segments, [2, 5], {})
    assert parts(segments, body, "live_blog") == [
        ("entry_time", "18.05"),
        ("subheading", "Road closed"),
        ("paragraph", "The coast road is closed."),
        ("entry_time", "17.20"),
        ("subheading", "Ferries cancelled"),
        ("paragraph", "No more ferries will sail today."),
    ]


def test_times_in_time_elements_are_entries_too() -> None:
    entry = "<article><time>Two minutes ago</time><p>The coast road is closed.</p></article>"
    segments = segments_of(entry + entry.replace("coast", "shore"))
    assert with_entries(segments, [1, 3], {}) == [0, 1, 2, 3]
    assert with_entries(segments, [], {}) == []


def test_the_last_heading_of_a_live_blog_comes_with_those_that_are_story_already() -> None:
    entry = "<dt>{0}:00</dt><dd><h3>Entry {0}</h3><p>" + LONG + "</p></dd>"
    segments = segments_of(f"<dl>{''.join(entry.format(hour) for hour in (15, 14, 13))}</dl>")
    body = with_entries(segments, [1, 2, 4, 5, 8], {})
    assert body == list(range(9))
    assert parts(segments, body, "live_blog")[6:] == [
        ("entry_time", "13:00"),
        ("subheading", "Entry 13"),
        ("paragraph", LONG),
    ]


def test_paragraphs_in_items_are_items_unless_they_stand_behind_a_heading() -> None:
    items = f"<li><p>{LONG}</p><p>{LONG}</p></li><li><h3>Two</h3><p>{LONG}</p></li>"
    kinds = [kind for kind, _ in parts(segments_of(f"<ol>{items}</ol>"), [0, 1, 2, 3])]
    assert kinds == ["list_item", "list_item", "subheading", "paragraph"]
