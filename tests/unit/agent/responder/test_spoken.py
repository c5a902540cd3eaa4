"""Article sentences for the ear: what only eyes can use is gone, what limits the statement is not."""

import random
import re

import pytest

from insta_voice.agent.responder.spoken import finished, say_address, spoken

# Anything of this in speech is markup, an address or a symbol that a voice would read out or stumble over.
UNSPEAKABLE = re.compile(r"[*_#`|<>{}~^\\\[\]@]|://|www\.|[\u2190-\u21ff\u2500-\u27bf\U0001f000-\U0001faff]")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Open **Settings** and choose *Security*.", "Open Settings and choose Security."),
        ("Open Settings › Security.", "Open Settings, then Security."),
        ("Go to Settings → Billing → Seats.", "Go to Settings, then Billing, then Seats."),
        ("See [the guide](https://acme.example/guide) first.", "See the guide first."),
        ("Go to https://app.acme.example/reset?x=1 and sign in.", "Go to the link on your screen and sign in."),
        ("Go to <https://app.acme.example>.", "Go to the link on your screen."),
        ("Go to app.acme.example/reset.", "Go to the link on your screen."),
        ("Look at status.acme.example first.", "Look at status dot acme dot example first."),
        ("Write to support@acme.example.", "Write to support at acme dot example."),
        ("Team costs $12 per seat.", "Team costs 12 dollars per seat."),
        ("Team costs $12/seat/month.", "Team costs 12 dollars per seat per month."),
        ("It costs $1 a day.", "It costs 1 dollar a day."),
        ("It costs $12.50.", "It costs 12 dollars and 50 cents."),
        ("It costs €1,200 a year.", "It costs 1,200 euros a year."),
        ("It costs 9 € or £5.99.", "It costs 9 euros or 5 pounds and 99 pence."),
        ("Up to $2M.", "Up to 2 million dollars."),
        ("You have 5 GB.", "You have 5 gigabytes."),
        ("It takes 10–20 minutes.", "It takes 10 to 20 minutes."),
        ("You get 50% off.", "You get 50 percent off."),
        ("Your code is 493817.", "Your code is 4 9 3, 8 1 7."),
        ("Error ERR-4012 means it is full.", "Error ERR 4 0, 1 2 means it is full."),
        ("We are certified under ISO 27001.", "We are certified under ISO 27001."),
        ("It renews on 2026-12-01.", "It renews on December 1st, 2026."),
        ("Use a browser, e.g. Firefox.", "Use a browser, for example Firefox."),
        ("Photos, videos etc. are kept.", "Photos, videos and so on are kept."),
        ("Press Ctrl+K.", "Press Control K."),
        ("Files & folders.", "Files and folders."),
        ("Open the menu (the three dots).", "Open the menu."),
        ("Use SSO (not on Free).", "Use SSO, not on Free."),
        ("Invite people (up to 25) at once.", "Invite people, up to 25, at once."),
        ("Note: a guest is free.", "a guest is free."),
        ("Please note that guests are free.", "guests are free."),
        ("Run `acme --token=$X | sh` now.", "Run the text on your screen now."),
        ("Set `api_key` first.", "Set api key first."),
        ("<script>alert(1)</script>Open <b>it</b>.", "Open it."),
        ("A &amp; B &lt;b&gt;c&lt;/b&gt;", "A and B c"),
        ("Done ✅ 🎉", "Done yes"),
        ("Pay with 4242 4242 4242 4242.", "Pay with a number ending in 42 42."),
        ("Line — with a dash – here.", "Line, with a dash, here."),
        ("![a picture](x.png) Look.", "Look."),
        ("", ""),
        ("***", ""),
    ],
)
def test_says_what_a_person_would(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("help@acme-labs.example", "help at acme dash labs dot example"),
        ("https://acme.example/help/", "acme dot example slash help"),
        ("+4915112345678", "plus 4 9 1, 5 1 1, 2 3 4, 5 6 7, 8"),
    ],
)
def test_says_addresses(contact: str, said: str) -> None:
    assert say_address(contact) == said


def test_a_sentence_of_its_own_has_a_capital_and_an_end() -> None:
    assert finished("open it,") == "Open it."
    assert finished("is it open?") == "Is it open?"
    assert finished("  ") == ""


def test_nothing_unspeakable_survives_any_mixture() -> None:
    chance = random.Random(20261122)
    scraps = [
        "**",
        "__",
        "`",
        "``",
        "#",
        "> ",
        "|",
        "<b>",
        "</script>",
        "<script>",
        "&lt;",
        "&#60;",
        "[",
        "](",
        ")",
        "![",
        "(",
        "https://",
        "http://a.example/b?c=d#e",
        "www.",
        "www.acme.example",
        "acme.example/x",
        "a@b.example",
        "@",
        "://",
        "javascript:alert(1)",
        "~~",
        "{",
        "}",
        "\\",
        "→",
        "›",
        "✅",
        "🎉",
        "$12",
        "4111111111111111",
        "1. ",
        "- ",
        "\n",
        "\u202e",
        "\u200b",
        "word",
        "Settings",
        ".",
        ",",
        " ",
        "e.g.",
        "12 GB",
        "<https://x.example>",
        "HTTPS://X.EXAMPLE/Y",
        "hxxps",
        "https",
        "\x00",
        "(not",
        "if",
        "%",
        "&",
        "/",
        "=",
        "^",
        "*",
    ]
    for _ in range(4000):
        written = "".join(chance.choice(scraps) for _ in range(chance.randint(1, 14)))
        said = spoken(written)
        assert not UNSPEAKABLE.search(said), (written, said)
        assert spoken(written) == said
        assert "\n" not in said
        assert "  " not in said
