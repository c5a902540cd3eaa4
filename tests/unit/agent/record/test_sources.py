"""From evidence to what the page shows and the record keeps."""

from insta_voice.agent.record.sources import best_sources, searches_of
from insta_voice.calls import Search
from insta_voice.knowledge import Choice, Evidence, Passage, Sentence


def test_a_source_says_with_which_index_it_was_found() -> None:
    told = (Sentence("Open Settings.", 0.2), Sentence("Choose Reset.", 0.8))
    found = Passage(1, "a1", None, 3, "Reset", "Steps", "/help/a1", "Choose Reset.", 0.9, told, "a-model")
    [source] = best_sources((Evidence("How?", "How?", (found,), 0.9, True, "a-model"),))
    assert (source.quote, source.version, source.index) == ("Choose Reset.", 3, "a-model")


def test_of_two_that_the_caller_is_asked_about_neither_is_a_source() -> None:
    one = Passage(1, "a1", None, 3, "Reset", "Steps", "/help/a1", "Choose Reset.", 0.9, ())
    evidence = Evidence("How?", "How?", (one,), 0.9, True, choice=Choice("How?", (one, one)))
    assert best_sources((evidence,)) == ()


def found(question: str, *, sure: float = 0.31234, query: str | None = None) -> Evidence:
    return Evidence(question, question if query is None else query, (), sure, False, "a-model")


def test_what_the_articles_were_asked_is_kept_with_how_sure_they_were() -> None:
    asked = "And on the phone?"
    whole = f"How do I export my files? {asked}"
    assert searches_of((found(asked, query=whole),)) == (Search(asked, whole, 0.3123, False, "a-model"),)


def test_neither_fillers_nor_what_only_the_account_knows_is_a_question_to_the_articles() -> None:
    assert searches_of(()) == ()
    assert searches_of((found("um, hello", query=""),)) == ()
    assert searches_of((found("When does my plan renew?"),)) == ()
    [kept] = searches_of((found("Which plan am I on?"), found("Do you sell shoes?")))
    assert kept.question == "Do you sell shoes?"


def test_what_the_account_might_know_too_is_one() -> None:
    assert len(searches_of((found("is there an app for my smart watch"),))) == 1
