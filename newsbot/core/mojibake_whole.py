"""Runs of UTF-8 that an East Asian decoder read to the last byte, turned back through up to three layers.

What comes in: lines and their `Context`s. What goes out: the decoders that did it, and `Edit`s. Knows of no lost bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Sequence

from newsbot.core.alphabets import is_east_asian, script_of, script_of_language
from newsbot.core.edits import Certainty, Edit
from newsbot.core.gaps import CONTEXT
from newsbot.core.mojibake_likely import Context, commonness, is_likely, stands_alone
from newsbot.core.mojibake_signs import CODECS, EAST_ASIAN_RUN, EAST_ASIAN_SIGN, KIND, MAX_LAYERS, SUSPECT, suspect_runs

_Readings = tuple[int, int, Sequence[tuple[str, str]]]  # where a run stands, (rule, text) of each likely reading


def whole_runs(line: str, context: Context) -> list[Edit]:
    """Edits for the runs that are UTF-8 to the last byte; runs that two decoders may have shown are left."""
    readings = list(_readings_of_runs(line, context))
    found = list(_clear_runs(readings, context))
    shown_by = {edit.rule for edit in found} & CODECS.keys()
    if len(shown_by) != 1:
        return found
    return sorted(
        (*found, *_lone_runs(line, {start for start, _, _ in readings}, shown_by.pop(), context)),
        key=lambda edit: edit.start,
    )


def _lone_runs(line: str, known: Container[int], name: str, context: Context) -> Iterator[Edit]:
    """Edits of what is too short to be told by itself, in a line that *name* has damaged.

    Characters at no letter that are a word or a sign, and words of up to three letters of the line's script; *known*
    are the places of runs that have readings.
    """
    for start, end in suspect_runs(line):
        run, before, after = line[start:end], line[max(start - CONTEXT, 0) : start], line[end : end + CONTEXT]
        if start in known or _LATIN.search(before[-1:] + after[:1]):
            continue
        try:
            text = run.encode(CODECS[name]).decode("utf-8")
        except UnicodeError:
            continue
        is_short = 1 < len(text) < _NO_CHANCE and set(map(script_of, text)) == {script_of_language(context.language)}
        if is_short or (len(text) == 1 and stands_alone(text, before, after, context.language)):
            yield Edit(start, end, text, KIND, name, Certainty.INFERRED)


_LATIN = re.compile("[A-Za-z]")


def _clear_runs(readings: Iterable[_Readings], context: Context) -> Iterator[Edit]:
    for start, end, likely in readings:
        own = [(rule, text) for rule, text in likely if rule.partition("+")[0] in context.codecs]
        if context.codecs and not own:
            continue  # by chance: another decoder has damaged this page
        texts = {text for _, text in own or likely}
        if len(texts) != 1:
            continue
        rule, text = (own or likely)[0]
        yield Edit(start, end, text, KIND, rule, _certainty(rule, text, context))


def _certainty(rule: str, text: str, context: Context) -> Certainty:
    """Several layers are certain if one decoder made them all, of writing that is no chance or of signs alone."""
    layers = rule.split("+")
    letters = sum(1 for char in text if char.isalpha() and not char.isascii())
    is_long = not letters or letters >= _NO_CHANCE
    is_plain = len(layers) == 1 or (len(set(layers)) == 1 and is_long)
    is_foreign = EAST_ASIAN_SIGN.search(text) is not None and not is_east_asian(context.language)
    if not is_plain or context.is_guess or (is_foreign and commonness(text) < _COMMON):
        return Certainty.INFERRED
    return Certainty.CERTAIN


_NO_CHANCE = 4
_COMMON = 0.6  # of its characters: Chinese, Japanese or Korean on a page of another language


def proven_codecs(lines: Iterable[tuple[str, Context]]) -> tuple[frozenset[str], bool]:
    """The decoders that damaged *lines*, and whether that is a mere guess.

    Runs that only one decoder can have shown prove it; where there is none, the decoder that can have shown most.
    """
    alone: Counter[str] = Counter()
    possible: Counter[str] = Counter()
    for line, context in lines:
        for _, _, likely in _readings_of_runs(line, context):
            names = {rule.partition("+")[0] for rule, _ in likely}
            size = len(likely[0][1])
            possible.update(dict.fromkeys(names, size))
            if len({text for _, text in likely}) == 1:
                alone.update(dict.fromkeys(names, size))
    if alone:
        most = max(alone.values())
        return frozenset(name for name, size in alone.items() if _SHARE * size >= most), False
    ranked = possible.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return frozenset(), False
    return frozenset((ranked[0][0],)), True


_SHARE = 3  # a decoder with less than this part of what the foremost one shows is there by chance


def _readings_of_runs(line: str, context: Context) -> Iterator[_Readings]:
    """(start, end, likely readings) of each run that has some."""
    for start, end in suspect_runs(line):
        run = line[start:end]
        if "\ufffd" in run:
            continue
        key = (line[max(start - 1, 0) : start], run, line[end : end + 1])
        if key not in context.seen:
            context.seen[key] = _likely_readings(run, key[0], key[2], context)
        if context.seen[key]:
            yield start, end, context.seen[key]


def _likely_readings(run: str, before: str, after: str, context: Context) -> Sequence[tuple[str, str]]:
    """(rule, text) of each likely reading of *run* that has no gap, of as few layers as can be, up to three."""
    layer = [("", run)]
    for _ in range(MAX_LAYERS - 1):
        readings = [
            (f"{rule}+{name}".lstrip("+"), text)
            for rule, shown in layer
            for name, text in decoded(shown, context)
            if text != shown
        ]
        likely = [one for one in readings if is_likely(run, one[1], before, after, one[0], context)]
        if likely:
            return likely
        layer = [(rule, text) for rule, text in readings if SUSPECT.search(text)][:4]
        if not layer:
            break
    return ()


def decoded(shown: str, context: Context) -> Iterator[tuple[str, str]]:
    """(codec, text) for each codec in which *shown* turns back to whole UTF-8; proven ones first."""
    for name in sorted(CODECS, key=lambda name: name not in context.codecs):
        try:
            yield name, shown.encode(CODECS[name]).decode("utf-8")
        except UnicodeError:
            continue


def roughly_read(line: str, codecs: Collection[str]) -> str:
    """*line* with what is left of its damaged runs: enough to tell the language by, in the codec that reads most."""
    best = ""
    for name in codecs or CODECS:
        rough = EAST_ASIAN_RUN.sub(lambda run, codec=CODECS[name]: _left_of(run.group(), codec), line)  # type: ignore[misc]
        if sum(map(str.isalpha, rough)) > sum(map(str.isalpha, best)):
            best = rough
    return best or line


def _left_of(run: str, codec: str) -> str:
    return run.encode(codec, "ignore").decode("utf-8", "ignore")


def reads_as_utf8(line: str) -> bool:
    """Whether most of an East Asian line is UTF-8 when it is turned back: good text has a fifth of it by chance."""
    shown = "".join(EAST_ASIAN_RUN.findall(line))
    for codec in CODECS.values():
        data = shown.encode(codec, "ignore")
        good = data.decode("utf-8", "ignore")
        if 4 * len(good) > len(data) > len(shown) and len(good.encode()) > 0.6 * len(data):
            return True
    return False
