"""Near duplicates: precision and recall of the store's clusters on pairs that are made up here.

    python -m benchmarks.scale.duplicates

What comes in: nothing. What goes out: precision and recall on the second half of the pairs; the thresholds of
`newsbot.storage.clusters` were fixed on the first. Each pair goes through a store that knows
other stories and briefs; a story clustered with any of these counts as an error.

Duplicates: edited copies (sentences rewritten), trimmed copies (the end cut off), headline swaps, and copies with other
text around them, at likenesses spread evenly over 0.2 to 0.9; and stories of 1,200 words trimmed to a fifth and to a
tenth, of which every other one comes before its original. Not duplicates: one event told by two writers, with
the same names and numbers; other stories; and, at likenesses spread evenly over 0.3 to 0.6, two stories that quote the
same speech, two days of one affair with the same background below, briefs of one template with the same boilerplate.
Likeness is the share of common 3-word sequences.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from newsbot.items.model import Story
from newsbot.storage.clusters import Clusters
from newsbot.storage.schema import TABLES

PLACES = (
    "Brindal Soltmere Kettle Harrow Lowmoor Esker Tarn Wexcombe Pellin Orchard Quay Marsh Alder Stow Dunmere".split()
)
NAMES = "Ada Holm, Jonas Pike, Mira Voss, Tom Arden, Lena Crane, Omar Fell, Ruth Sable, Ivo Lund, Nell Marsh".split(
    ", "
)
SUBJECTS = (
    "the council;the ferry company;the school board;the water authority;the museum;the rail operator;the hospital;"
    "the fishermen's union;the port;the theatre;the bus company;the housing office;the library;the football club"
).split(";")
ACTIONS = (
    "will close its {0} office;has bought the old {0} mill;plans a new line to {0};lost its case against {0};"
    "opened a workshop in {0};raised its prices in {0};signed an agreement with {0};stopped all work in {0};"
    "found lead in the pipes of {0};sold its land near {0};called off the fair in {0};hired forty people in {0}"
).split(";")
REASONS = (
    "because the roof let in rain;after months of talks;to save money before winter;since no buyer came forward;"
    "although residents had objected;under pressure from the mayor;as the grant runs out in June;"
    "once the survey had been read;against the advice of its engineers;in spite of a petition"
).split(";")
VERBS = "said;explained;told reporters;wrote in a letter;announced;admitted;warned;confirmed".split(";")
DETAILS = (
    "The work is to take {n} weeks and cost {m} crowns.;{n} people are affected, {m} of them children.;"
    "A first vote had failed by {n} to {m}.;The building dates from 18{k} and has {n} rooms.;"
    "Trains will run every {n} minutes until {m} in the evening.;Repairs to the {n} pumps begin on the {k}th.;"
    "About {m} visitors came last year, {n} fewer than before.;The contract, worth {m} crowns, runs for {n} years."
).split(";")
BOILERPLATE = (
    "This report was compiled automatically from figures published by the exchange and checked by an editor.",
    "Prices are delayed by at least fifteen minutes and are given for information only, not as advice of any kind.",
    "Readers who find an error are asked to write to the desk, which corrects every mistake as soon as it can.",
    "The exchange is open from Monday to Friday between nine in the morning and half past five in the afternoon.",
)


# Paragraphs of background that the site has printed below other stories before.
BACKGROUNDS = 12
# Paragraphs of a long story: 1,200 words.
LONG_BLOCKS = 20


@dataclass(frozen=True, slots=True)
class Pair:
    """Two stories, whether one is a copy of the other, and how alike they are."""

    kind: str
    first: str
    second: str
    is_copy: bool

    @property
    def likeness(self) -> float:
        one, other = _triples(self.first), _triples(self.second)
        return len(one & other) / len(one | other)


def _triples(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().split()
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


def sentence(chance: random.Random) -> str:
    subject, place = chance.choice(SUBJECTS), chance.choice(PLACES)
    action = chance.choice(ACTIONS).format(place)
    tail = f"{chance.choice(REASONS)}, {chance.choice(NAMES)} of {chance.choice(PLACES)} {chance.choice(VERBS)}"
    n, m, k = chance.randrange(2, 90), chance.randrange(100, 9000), chance.randrange(20, 99)
    extra = chance.choice(DETAILS).format(n=n, m=m, k=k)
    return f"{subject.capitalize()} {action} {tail}. {extra}"


def text(chance: random.Random, blocks: int) -> list[str]:
    return [f"{sentence(chance)} {sentence(chance)}" for _ in range(blocks)]


def edited(chance: random.Random, blocks: list[str], target: float) -> list[str]:
    """A copy whose sentences are rewritten one by one until the likeness falls to *target*."""
    made = [part for block in blocks for part in block.split(". ")]
    original = ". ".join(made)
    for at in chance.sample(range(len(made)), len(made)):
        if Pair("", original, ". ".join(made), True).likeness <= target:
            break
        words = made[at].split()
        middle = len(words) // 2
        made[at] = " ".join([*words[:middle], *sentence(chance).split()[: chance.randrange(3, 9)]])
    return [". ".join(made)]


def pairs(seed: int, count: int) -> list[Pair]:
    """*count* pairs of each kind."""
    chance = random.Random(seed)
    made: list[Pair] = []
    for number in range(count):
        target = 0.2 + 0.7 * number / max(1, count - 1)
        original = text(chance, chance.randrange(5, 14))
        plain = "\n".join(original)
        made.append(Pair("edited", plain, "\n".join(edited(chance, original, target)), True))
        original = text(chance, 14)
        made.append(Pair("trimmed", "\n".join(original), "\n".join(original[: max(3, round(14 * target))]), True))
        original = text(chance, chance.randrange(4, 12))
        made.append(Pair("headline", "\n".join(original), "\n".join(original), True))
        original = text(chance, 6)
        around = text(chance, max(1, round(6 / target - 6)))
        made.append(Pair("surrounded", "\n".join(original), "\n".join([*original, *around]), True))
        hard = 0.3 + 0.3 * number / max(1, count - 1)
        made.append(Pair("two_writers", *two_writers(chance), False))
        made.append(Pair("quotes", *quoting(chance, hard), False))
        made.append(Pair("background", *follow_ups(chance, hard), False))
        made.append(Pair("briefs", *briefs(chance, hard), False))
        made.append(Pair("other", "\n".join(text(chance, 8)), "\n".join(text(chance, 8)), False))
    for kind, share in (("to a fifth", 0.2), ("to a tenth", 0.1)):
        for number in range(count):
            made.append(Pair(kind, *trimmed(chance, share)[:: 1 if number % 2 else -1], True))
    return made


def trimmed(chance: random.Random, share: float) -> tuple[str, str]:
    """A story of 1,200 words and its beginning."""
    blocks = text(chance, LONG_BLOCKS)
    return "\n".join(blocks), "\n".join(blocks[: round(share * LONG_BLOCKS)])


def two_writers(chance: random.Random) -> tuple[str, str]:
    """One event by two writers: the same facts in other words, two quotes the same to the letter."""
    place, name, other = chance.choice(PLACES), chance.choice(NAMES), chance.choice(NAMES)
    n, m = chance.randrange(3, 60), chance.randrange(100, 900)
    street = f"{chance.choice(PLACES)} {chance.choice(('Road', 'Lane', 'Street', 'Hill'))}"
    cause = chance.choice(("a gas leak", "a fallen tree", "a burst main", "an old cable", "heavy snow", "a lorry"))
    quotes = [
        f'"It {chance.choice(ACTIONS).format(street)} and nobody told us, {chance.choice(REASONS)}," {name} said.',
        f'"It could have been {n} people, {chance.choice(REASONS)} and {chance.choice(REASONS)}," said {other}.',
    ]
    first = [
        f"{n} people had to leave their homes in {place} on Tuesday when {cause} cut off {street}.",
        f"The fire service was called shortly after six in the morning and sent {n % 7 + 2} engines to the scene.",
        quotes[0],
        f"Power was back in most of the {m} houses by noon, a spokeswoman for the supplier said.",
        f"{street} stays closed until Thursday; drivers are sent round by the harbour.",
        quotes[1],
        f"It is the third time this year that {place} has been cut off, and the council has promised an inquiry.",
        f"Schools were shut for the day and the market was moved to the hall behind the church in {place}.",
    ]
    second = [
        f"Residents of {place} were roused from their beds before dawn: because of {cause}, {street} was impassable.",
        quotes[1],
        f"As many as {m} households sat without light for hours, and {n} neighbours spent the morning in a gym.",
        f"Crews in {n % 7 + 2} vehicles worked to clear the way; by lunchtime cookers and heaters were running again.",
        quotes[0],
        f"Whoever wants to get to town has to take the coast route for two more days, police said of {street}.",
        f"Pupils had a free day, and stallholders were given shelter indoors next to the parish church of {place}.",
        f"Councillors want to know why {place} keeps being cut off, for the third time since January.",
    ]
    return "\n".join(first), "\n".join(second)


def quoting(chance: random.Random, target: float) -> tuple[str, str]:
    """Two stories of one press conference: other words around more and more of the same quotes."""
    first, second = text(chance, 4), text(chance, 4)
    while Pair("", "\n".join(first), "\n".join(second), False).likeness < target:
        name = chance.choice(NAMES)
        said = f'"{sentence(chance)} {sentence(chance)}" {name} said.'
        first.insert(chance.randrange(1, len(first)), said)
        second.insert(chance.randrange(1, len(second)), said)
    return "\n".join(first), "\n".join(second)


def background(number: int) -> str:
    """A paragraph on what went before, as a paper prints it below each story of an affair."""
    chance = random.Random(1000 + number)
    return f"{sentence(chance)} {sentence(chance)} {sentence(chance)}"


def follow_ups(chance: random.Random, target: float) -> tuple[str, str]:
    """Two stories on two days of one affair: other news above more and more of the same background."""
    first, second = text(chance, 4), text(chance, 4)
    for number in chance.sample(range(BACKGROUNDS), BACKGROUNDS):
        if Pair("", "\n".join(first), "\n".join(second), False).likeness >= target:
            break
        first.append(background(number))
        second.append(background(number))
    return "\n".join(first), "\n".join(second)


def briefs(chance: random.Random, target: float) -> tuple[str, str]:
    """Two briefs of one template, with news of their own above it until they are no more alike than *target*."""
    first, second = brief(chance), brief(chance)
    while Pair("", first, second, False).likeness > target:
        first, second = f"{sentence(chance)}\n{first}", f"{sentence(chance)}\n{second}"
    return first, second


def brief(chance: random.Random) -> str:
    """A brief on a share: one template with other names and numbers, and the same boilerplate below."""
    name = f"{chance.choice(PLACES)} {chance.choice(('Lines', 'Foods', 'Power', 'Paper', 'Glass', 'Rail'))}"
    up = chance.choice(("rose", "fell"))
    return "\n".join(
        [
            f"Shares of {name} {up} {chance.randrange(10, 90) / 10} percent on Tuesday, {chance.choice(REASONS)}.",
            sentence(chance),
            f"The company from {chance.choice(PLACES)} employs {chance.randrange(100, 9000)} people.",
            *BOILERPLATE,
        ]
    )


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over the pairs of one half, by kind."""

    right: Counter[str]
    missed: Counter[str]
    wrong: Counter[str]

    @property
    def precision(self) -> float:
        return self.right.total() / max(1, self.right.total() + self.wrong.total())

    @property
    def recall(self) -> float:
        return self.right.total() / max(1, self.right.total() + self.missed.total())

    def recall_of(self, kind: str) -> float:
        return self.right[kind] / max(1, self.right[kind] + self.missed[kind])


def score(made: list[Pair]) -> Score:
    """Run both stories of each pair through a store that knows some other stories and a site's boilerplate."""
    right, missed, wrong = Counter[str](), Counter[str](), Counter[str]()
    before = _store()
    for pair in made:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        before.backup(connection)
        clusters = Clusters(connection)
        number, _ = _place(connection, clusters, pair.first)
        _, cluster_id = _place(connection, clusters, pair.second)
        own = connection.execute("SELECT cluster_id FROM story WHERE id = ?", (number,)).fetchone()[0]
        if cluster_id is not None and cluster_id == own and pair.is_copy:
            right[pair.kind] += 1
        elif cluster_id is not None:
            wrong[pair.kind] += 1
        elif pair.is_copy:
            missed[pair.kind] += 1
        connection.close()
    return Score(right, missed, wrong)


def _store() -> sqlite3.Connection:
    """A database in memory that knows four briefs, four stories with all of the background, and five other stories."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(TABLES)
    clusters, chance = Clusters(connection), random.Random(0)
    below = "\n".join(background(number) for number in range(BACKGROUNDS))
    bodies = [brief(chance) for _ in range(4)] + ["\n".join(text(chance, 8)) for _ in range(5)]
    for body in (*bodies, *("\n".join([*text(chance, 12), below]) for _ in range(4))):
        _place(connection, clusters, body)
    return connection


def _place(connection: sqlite3.Connection, clusters: Clusters, body: str) -> tuple[int, str | None]:
    number = connection.execute("SELECT COUNT(*) FROM story").fetchone()[0] + 1
    connection.execute(
        "INSERT INTO story (id, story_id, site, url, revision, version_id, stable_id, first_at)"
        " VALUES (?, ?, 'a.test', '', 1, x'00', x'00', 0)",
        (number, f"s{number}"),
    )
    match = clusters.place(Story(story_id=f"s{number}", site="a.test", body=body, version_id="v"), number, now=0)
    if match is None:
        return number, None
    members = [each for each in (match.first, number) if each is not None]
    connection.executemany(
        "UPDATE story SET cluster_id = ? WHERE id = ?", [(match.cluster_id, member) for member in members]
    )
    return number, match.cluster_id


def histogram(made: list[Pair]) -> Iterator[str]:
    """Pairs by kind and likeness."""
    for kind in dict.fromkeys(pair.kind for pair in made):
        values = sorted(pair.likeness for pair in made if pair.kind == kind)
        yield f"  {kind:12} {values[0]:.2f} to {values[-1]:.2f}, middle {values[len(values) // 2]:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=150, help="of each of the eleven kinds, in each half")
    options = parser.parse_args()
    for name, seed in (("first half (thresholds fixed on it)", 1), ("second half (measured)", 2)):
        made = pairs(seed, options.pairs)
        result = score(made)
        print(f"{name}: {len(made)} pairs; likeness by kind:")
        print("\n".join(histogram(made)))
        print(f"  precision {result.precision:.3f}, recall {result.recall:.3f}")
        print("  recall of " + ", ".join(f"{kind} {result.recall_of(kind):.3f}" for kind in result.right))
        print(f"  missed {dict(result.missed)}, wrong {dict(result.wrong)}")


if __name__ == "__main__":
    main()
