"""What of an article is spoken: the answering sentence first, then what belongs to it, then stop."""

import pytest
from tests.support.responder import evidence, nothing, say, turn

from insta_voice.agent.responder.turn import Say

RESET = """
If you have forgotten your password, choose "Forgot password" on the sign-in page. We send you a link that works for
30 minutes. If no mail arrives, look into the spam folder.

## Single sign-on
With single sign-on your company's administrator resets passwords.
"""
STEPS = """
To export your data:

1. Open **Settings** and choose Workspace.
2. Select "Export".
3. Pick a format. CSV opens in any spreadsheet.
4. Confirm with your password.
5. Wait for the mail.
"""
RESTORE = """
Restoring replaces the whole disk, so what was written since the snapshot is lost.

1. Open **Servers** in the console.
2. Choose the server and press **Snapshots**.

   Snapshots are listed by date.

3. Pick a snapshot. Press **Restore**.
"""
LIST = """
You can pay by:

- Visa
- Mastercard
- PayPal
- bank transfer
"""
TABLE = """
| Plan | Price | Seats |
|---|---|---|
| Free | $0 | 3 |
| Team | $12 | 50 |
"""


def answer(question: str, *markdown: str) -> Say:
    return say(turn(question, evidence(question, *markdown)))


def test_the_answering_sentence_comes_first_and_its_condition_follows() -> None:
    said = answer("how do i get a link when i have forgotten my password", RESET)
    assert said.kind == "answer"
    assert said.text.startswith('If you have forgotten your password, choose "Forgot password" on the sign-in page.')
    assert "30 minutes" in said.text
    assert "administrator" not in said.text


def test_an_answer_in_the_middle_is_spoken_without_what_stands_before_it() -> None:
    said = answer("what if no mail arrives in the spam", RESET)
    assert said.text == "If no mail arrives, look into the spam folder."


def test_a_sentence_that_points_back_takes_the_one_before_with_it() -> None:
    said = answer("how long does the export link work", "An export is made at night. It works for seven days.")
    assert said.text == "An export is made at night. It works for seven days."


def test_every_spoken_sentence_is_cited_word_for_word() -> None:
    said = answer("how do i get a link when i have forgotten my password", RESET)
    assert [c.quote for c in said.citations] == [
        'If you have forgotten your password, choose "Forgot password" on the sign-in page.',
        "We send you a link that works for 30 minutes.",
        "If no mail arrives, look into the spam folder.",
    ]
    assert {c.passage.article_id for c in said.citations} == {"article-1"}


def test_steps_flow_and_stop_at_three() -> None:
    said = answer("how do i export my data", STEPS)
    assert said.text == (
        "To export your data, first open Settings and choose Workspace. "
        'Then select "Export". After that, pick a format. The rest is on your screen.'
    )


def test_the_remaining_steps_are_there_when_asked_for() -> None:
    said = answer("how do i export my data", STEPS)
    texts = [part.text for part in said.more]
    assert texts == ["CSV opens in any spreadsheet.", "Confirm with your password.", "Wait for the mail."]


def test_a_short_procedure_is_spoken_whole_behind_what_it_warns_of() -> None:
    assert answer("how do i restore a server", RESTORE).text == (
        "Restoring replaces the whole disk, so what was written since the snapshot is lost. "
        "First, open Servers in the console. Then choose the server and press Snapshots. "
        "After that, pick a snapshot. Press Restore."
    )


def test_four_short_steps_are_spoken_whole() -> None:
    article = "1. Open Servers.\n2. Take a snapshot.\n3. Choose the new region.\n4. Start moving the server."
    assert answer("how do i move a server", article).text == (
        "First, open Servers. Then take a snapshot. After that, choose the new region. Then start moving the server."
    )


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (
            "9. Open Servers.\n10. Take a snapshot.\n11. Choose the new region.\n12. Start moving the server.",
            "Then open Servers. After that, take a snapshot. Then choose the new region. The rest is on your screen.",
        ),
        (
            "9. Choose a region. Wait.\n10. Move the server.",
            "Then choose a region. After that, move the server. The rest is on your screen.",
        ),
        ("9. Move the server.", "Then move the server. The rest is on your screen."),
        (
            "To move a server:\n\n9. Open Servers.\n10. Move it.",
            "Then open Servers. After that, move it. The rest is on your screen.",
        ),
        ("0. Open Servers.\n1. Move the server.", "First, open Servers. Then move the server."),
    ],
)
def test_steps_from_the_middle_of_a_procedure_are_told_as_such(steps: str, told: str) -> None:
    """A long list is cut into passages: the ninth step was told as the first, and the last ones as all of them."""
    assert answer("how do i move a server", steps).text == told


def test_what_nobody_could_listen_to_is_left_out_before_it_costs_time() -> None:
    """A page may hold a word of a million characters, which the patterns of speech looked at for hours, and a number
    that no int() takes.
    """
    line = "Open Servers to move a server."
    for hostile in ("a-" * 50_000, "[" * 50_000, "<script>" * 10_000, "&#" + "9" * 5_000 + ";"):
        assert answer("how do i move a server", f"{hostile}\n\n{line}").text == line


def test_what_is_cut_of_long_steps_is_said_to_be_on_the_screen() -> None:
    long = "Choose the server that you want to move and wait until its mark has turned from amber to green."
    article = f"1. Open Servers. {long}\n2. Open Regions. {long}\n3. Press Move. {long}"
    assert answer("how do i move a server", article).text == (
        "First, open Servers. Then open Regions. After that, press Move. The rest is on your screen."
    )


def test_a_warning_is_kept_before_steps_in_sentences_and_in_another_section() -> None:
    warns = "Deleting a workspace cannot be undone."
    way = "To delete a workspace, open Settings and choose Delete workspace."
    assert answer("how do i delete a workspace", f"{warns} {way}").text == f"{warns} {way}"
    apart = answer("how do i delete a workspace", f"{warns}\n\n## Deleting a workspace\n\n{way}")
    assert apart.text == f"{warns} {way}"
    assert [citation.quote for citation in apart.citations] == [warns, way]


def test_a_single_step_is_not_numbered() -> None:
    assert answer("how do i export", "1. Open Settings to export.").text == "Open Settings to export."


def test_a_short_list_is_named_in_one_breath() -> None:
    said = answer("can i pay by visa", LIST)
    assert said.text == "You can pay by: Visa, Mastercard and PayPal. The full list is on your screen."


def test_the_item_asked_for_is_among_those_named() -> None:
    assert "bank transfer" in answer("can i pay by bank transfer", LIST).text


def test_a_long_item_is_told_alone() -> None:
    text = answer(
        "what can a guest do",
        "Roles are:\n\n- An owner can do everything in the workspace, billing included.\n"
        "- A guest can read and comment in the projects they are invited to.",
    ).text
    assert text == "A guest can read and comment in the projects they are invited to."


def test_a_row_of_a_table_is_read_as_a_sentence() -> None:
    assert answer("what is the price of the team plan", TABLE).text == "Team: Price 12 dollars, Seats 50."


def test_a_mere_reference_is_not_an_answer() -> None:
    said = answer("billing help", "See Billing help. Billing is under Settings.")
    assert said.text == "Billing is under Settings."


def test_an_answer_stays_short_enough_to_listen_to() -> None:
    article = " ".join(
        f"If you export data in way {n}, it takes {n} minutes and some more patience than you have on other days."
        for n in range(20)
    )
    assert len(answer("how do i export data", article).text.split()) <= 45


def test_each_part_of_a_question_is_answered_in_order() -> None:
    first = evidence("how do i get a link when i have forgotten my password", RESET)
    second = evidence("how can i pay", LIST)
    text = say(turn("how do i get a link and how can i pay", first, second)).text
    assert 0 <= text.index("Forgot password") < text.index("You can pay by")


def test_a_part_without_evidence_is_said_honestly_and_a_person_offered() -> None:
    first = evidence("can i pay by visa", LIST)
    said = say(turn("can i pay by visa and do you sell shoes", first, nothing("do you sell shoes")))
    assert said.text.startswith("You can pay by:")
    assert "About shoes, I found nothing in our help articles." in said.text
    assert said.offer == "ticket"


def test_the_same_sentence_is_not_said_twice() -> None:
    found = evidence("how can i pay", LIST), evidence("can i pay by visa", LIST)
    assert say(turn("how can i pay and can i pay by visa", *found)).text.count("You can pay by") == 1


def test_a_question_that_names_no_thing_is_said_back() -> None:
    first = evidence("can i pay by visa", LIST)
    said = say(turn("can i pay by visa and how do i bake bread", first, nothing("how do i bake bread")))
    assert "You also asked: how do i bake bread? I found nothing about that" in said.text


@pytest.mark.parametrize("confidence", [0.0, 0.3, 0.49])
def test_below_the_gate_nothing_is_answered(confidence: float) -> None:
    said = say(turn("how do i export my data", evidence("how do i export my data", STEPS, confidence=confidence)))
    assert said.kind == "unknown"
    assert not said.citations


def test_evidence_that_retrieval_calls_unanswerable_is_not_used() -> None:
    found = evidence("how do i export my data", STEPS, answerable=False, confidence=0.9)
    assert say(turn("how do i export my data", found)).kind == "unknown"


def test_an_article_without_a_word_to_say_is_no_answer() -> None:
    assert answer("what is this about then", "| a |\n|---|\n").kind == "unknown"
    assert answer("what is this about then", "✅ ***").kind == "unknown"
