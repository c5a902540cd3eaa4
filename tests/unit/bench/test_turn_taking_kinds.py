"""The cases are many, of every kind, and the same for the same seed."""

from collections import Counter
from itertools import pairwise

import pytest
from bench.turn_taking.kinds import KINDS, plans
from bench.turn_taking.over_speech import ECHO_DB
from bench.turn_taking.plan import FOR_EVER_S, Must


def test_there_are_at_least_two_hundred_with_names_of_their_own() -> None:
    names = [plan.name for plan in plans(1)]
    assert len(names) >= 200
    assert len(set(names)) == len(names)


def test_the_same_seed_plans_the_same_and_another_one_does_not() -> None:
    assert plans(3) == plans(3)
    texts, others = ([plan.text for plan in plans(seed, ["question"])] for seed in (3, 4))
    assert texts != others
    assert sorted(texts) == sorted(others)


def test_a_case_is_the_same_whichever_kinds_are_asked_for() -> None:
    everything = {plan.name: plan for plan in plans(1)}
    for kind in KINDS:
        for plan in plans(1, [kind]):
            assert everything[plan.name] == plan


def test_pauses_go_from_three_tenths_to_one_and_a_half_seconds() -> None:
    pauses_s = sorted(pause_s for plan in plans(1, ["pause", "long pause"]) for pause_s in plan.pauses_s)
    assert pauses_s[0] == 0.3
    assert pauses_s[-1] == 1.5
    assert max(later - earlier for earlier, later in pairwise(pauses_s)) <= 0.06


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_mark_in_a_text_has_its_pause(seed: int) -> None:
    for plan in plans(seed):
        assert plan.text.count("|") == len(plan.pauses_s), plan


def test_twelve_backchannels_and_three_echoes_are_heard_over_speech_and_change_nothing() -> None:
    backchannels = plans(1, ["backchannel"])
    assert len({plan.sort for plan in backchannels}) == 12
    echoes = plans(1, ["echo"])
    assert Counter(plan.echo_db for plan in echoes) == dict.fromkeys(ECHO_DB, 6)
    for plan in (*backchannels, *echoes):
        assert plan.must is Must.LET_BE
        assert plan.assistant_until_s == FOR_EVER_S


def test_a_reply_follows_its_question_and_an_early_one_falls_into_it() -> None:
    assert all(0 < plan.assistant_until_s < plan.begins_s for plan in plans(1, ["reply"]))
    assert all(plan.begins_s < plan.assistant_until_s for plan in plans(1, ["early reply"]))


def test_by_telephone_are_some_of_the_others() -> None:
    others = {plan.said for plan in plans(1) if not plan.telephone}
    by_telephone = plans(1, ["telephone"])
    assert all(plan.telephone and plan.said in others for plan in by_telephone)
    assert {Must.END_ONCE, Must.INTERRUPT, Must.LET_BE} == {plan.must for plan in by_telephone}
