"""What recognisers make of names, as they were heard of the local one and of others, and what is made of that."""

import pytest

from insta_voice.knowledge.misheard import Name, put_right, runs_of, words_of


def together(name: str, articles: int = 2) -> Name:
    return Name(name.lower(), name, articles, is_alike=False, sounds_so=False)


def alike(heard: str, name: str, *, sounds_so: bool = False) -> Name:
    return Name(heard, name, 1, is_alike=True, sounds_so=sounds_so)


@pytest.mark.parametrize(
    ("heard", "name", "searched"),
    [
        ("how do I turn on two F A", "2FA", "how do I turn on 2FA"),
        ("does it support S. H. A. two", "SHA2", "does it support SHA2"),
        ("are you, I, s o, certified?", "ISO", "are you, ISO, certified?"),
        ("do you have an A P I?", "API", "do you have an API?"),
        ("how do I set up sam'l", "SAML", "how do I set up SAML"),
        ("how do I set up Sam’l?", "SAML", "how do I set up SAML?"),
        ("the S-A-M-L login", "SAML", "the SAML login"),
        ("an S - A - M - L-based login", "SAML", "an SAML-based login"),
        ("turn on 2-FA", "2FA", "turn on 2FA"),
        ("turn on two-F-A", "2FA", "turn on 2FA"),
        ("this data power support", "DataPower", "this DataPower support"),
        ("can I use one login", "OneLogin", "can I use OneLogin"),
    ],
)
def test_words_that_are_a_name_together_are_written_so(heard: str, name: str, searched: str) -> None:
    assert name.lower() in runs_of(heard)
    assert put_right(heard, [together(name, articles=1 if "data" not in heard else 2)]) == searched


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("how to set up a checkbox", "Setup"),
        ("how to set up a checkbox", "SETUP"),
        ("can I fix it", "iFix"),
        ("it does not show up on my screen", "UPON"),
        ("with the IBM console", "theIBM"),
        ("connect it to Wix. Is there more", "WixIs"),
        ("messaging on z/OS", "zOS"),
        ("reports for v 7.2", "V7"),
        ("this is a list", "ISA"),
        ("I'll set it up", "ILL"),
        ("I don't see it", "DONT"),
        ("I'd like that", "ID"),
        ("it's Sam's", "SAMs"),
        ("does'nt it work", "DOESNT"),
        ("I'l set it up", "IL"),
        ("send an e-mail", "eMail"),
        ("the sign-in page", "SignIn"),
        ("with two-factor codes", "TwoFactor"),
        ("a one-to-one talk", "OneToOne"),
        ("my to-do list", "TODO"),
    ],
)
def test_what_is_said_as_it_stands_is_left_alone(typed: str, name: str) -> None:
    assert put_right(typed, [together(name)]) == typed


def test_two_whole_words_are_no_name_where_one_article_says_so() -> None:
    assert put_right("the data power box", [together("DataPower", articles=1)]) == "the data power box"


def test_the_longest_name_is_taken() -> None:
    names = [together("SHA"), together("SHA256")]
    assert put_right("is it S H A two five six", names) == "is it SHA256"


@pytest.mark.parametrize(
    ("heard", "name", "searched"),
    [
        ("import it from trell?", alike("trell", "Trello"), "import it from trell Trello?"),
        ("omibus drops traps", alike("omibus", "OMNIbus"), "omibus OMNIbus drops traps"),
        ("does it do tlsb 1.2", alike("tlsb", "TLS"), "does it do tlsb TLS 1.2"),
        ("in the wick's editor", alike("wicks", "Wix", sounds_so=True), "in the wick's Wix editor"),
        ("in websphear", alike("websphear", "WebSphere"), "in websphear WebSphere"),
    ],
)
def test_the_name_that_a_word_is_like_is_put_behind_it(heard: str, name: Name, searched: str) -> None:
    assert name.heard in words_of(heard)
    assert put_right(heard, [name]) == searched


@pytest.mark.parametrize(
    "name",
    [
        alike("mssql", "MySQL", sounds_so=True),
        alike("cesna", "Session", sounds_so=True),
        alike("requisite", "PREREQUISITE"),
        alike("eight", "Weight"),
        alike("cash", "Case"),
        alike("managesdk", "Manage"),
    ],
)
def test_a_name_that_is_not_near_enough_is_not(name: Name) -> None:
    assert put_right(f"the {name.heard} of it", [name]) == f"the {name.heard} of it"


def test_the_nearest_name_is_taken() -> None:
    names = [alike("jirra", "Jirras"), alike("jirra", "Jira", sounds_so=True)]
    assert put_right("jirra", names) == "jirra Jira"


def test_contractions_are_no_names() -> None:
    assert words_of("I can't, you don't, there's no way, we arent") == frozenset()


def test_a_long_letter_is_bounded() -> None:
    assert len(runs_of("a1 " * 10_000)) <= 6
    assert put_right("word " * 10_000, []) == "word " * 10_000
