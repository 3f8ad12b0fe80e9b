"""The learned reading on plain likelihoods: acts, status, parties and the word that shows the act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from firstwire.core.events.encoder_input import Party
from firstwire.core.events.learned_acts import FIRST, read_acts, read_first, told_now
from schemas.record import Entity

KENYA = Entity(id="kenya", name="Kenya", kind="nation")
NORWAY = Entity(id="norway", name="Norway", kind="nation")
RUTO = Entity(id="william-ruto", name="William Ruto", kind="leader")


@dataclass
class Likely:
    """What models might make of a sentence; a name's parts are "actor" and "target" for every act."""

    told: Mapping[str, float]
    named: Sequence[tuple[Entity, float, float]]
    of_status: Mapping[str, float] = field(default_factory=lambda: {"asserted": 0.9, "planned": 0.1})
    leader: Entity | None = None

    @property
    def names(self) -> list[Party]:
        return [Party(at, entity, self.leader, is_here=True, place=at) for at, (entity, _, _) in enumerate(self.named)]

    def acts(self) -> Mapping[str, float]:
        return {action: share for action, share in self.told.items() if action != FIRST}

    def first(self) -> float:
        return self.told.get(FIRST, 0.0)

    def statuses(self, action: str) -> Mapping[str, float]:
        return self.of_status

    def parts(self, action: str) -> list[Mapping[str, float]]:
        return [{"actor": actor, "target": target} for _, actor, target in self.named]

    def word_of(self, action: str) -> int:
        return 3


TWO = ((KENYA, 0.9, 0.05), (NORWAY, 0.1, 0.8))


def test_an_act_is_told_with_status_and_parties() -> None:
    (act,) = read_acts(Likely({"close_embassy": 0.8, "open_embassy": 0.2}, TWO, {"asserted": 0.2, "planned": 0.8}))
    assert (act.action, act.status, act.at) == ("close_embassy", "planned", 3)
    assert [each.id for each in act.actors] == ["kenya"]
    assert [each.id for each in act.targets] == ["norway"]
    assert act.sides == (0.9, 0.8)
    assert act.probability == round(0.8 * 0.8, 6)


def test_of_several_acts_the_likeliest_comes_first() -> None:
    acts = read_acts(Likely({"open_embassy": 0.6, "establish_relations": 0.9, "sign": 0.1}, TWO))
    assert [act.action for act in acts] == ["establish_relations", "open_embassy"]


def test_acts_of_both_sides_name_both_on_both() -> None:
    (act,) = read_acts(Likely({"restore_relations": 0.9}, TWO))
    assert [each.id for each in act.actors] == [each.id for each in act.targets] == ["kenya", "norway"]


def test_a_leader_stands_with_the_nation_acted_for() -> None:
    (act,) = read_acts(Likely({"open_embassy": 0.9}, TWO[:1], leader=RUTO))
    assert [each.id for each in act.actors] == ["william-ruto", "kenya"]


def test_the_likeliest_party_counts_if_none_is_likely() -> None:
    (act,) = read_acts(Likely({"open_embassy": 0.9}, ((KENYA, 0.3, 0.1), (NORWAY, 0.2, 0.4))))
    assert [each.id for each in act.actors] == ["kenya"]
    assert [each.id for each in act.targets] == ["norway"]
    (act,) = read_acts(Likely({"open_embassy": 0.9}, ((KENYA, 0.05, 0.05),)))
    assert not act.actors
    assert not act.targets


def test_one_of_two_who_are_affected_must_have_done_it() -> None:
    (act,) = read_acts(Likely({"expel_ambassador": 0.9}, ((KENYA, 0.04, 0.9), (NORWAY, 0.05, 0.8))))
    assert [each.id for each in act.actors] == ["norway"]
    assert [each.id for each in act.targets] == ["kenya"]


def test_a_nation_is_first() -> None:
    first = read_first(Likely({FIRST: 0.7}, TWO), at_least=0.5)
    assert [each.id for each in first.actors] == ["kenya"]
    assert (first.status, first.status_probability) == ("asserted", 0.9)
    assert not read_first(Likely({FIRST: 0.4}, TWO), at_least=0.5).actors


def test_news_is_weighed_against_history_alone() -> None:
    likely = Likely({}, TWO, {"asserted": 0.3, "historical": 0.1, "planned": 0.6})
    assert told_now(likely, "sign") == 0.75


def test_a_sentence_that_says_nothing_of_it_tells_no_act() -> None:
    assert not read_acts(Likely({"sign": 0.2}, TWO))
