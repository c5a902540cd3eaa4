"""What words tell about a turn, in each language."""

import pytest

from insta_voice.agent.turns import words
from insta_voice.agent.turns.words import TurnWords, plain_words
from insta_voice.languages import ENGLISH, GERMAN, LANGUAGES, SPANISH, Language


def test_every_language_has_every_block() -> None:
    blocks = {language.code: words._read(f"{language.code}.toml").keys() for language in LANGUAGES.values()}
    assert all(names == blocks["en"] for names in blocks.values())


def test_letters_of_every_language_are_letters() -> None:
    assert plain_words("Für mich – größer, ¿cuántos días?") == ["für", "mich", "größer", "cuántos", "días"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (ENGLISH, "How do I"),
        (GERMAN, "Ich möchte wissen, ob"),
        (GERMAN, "Das ist für"),
        (SPANISH, "Quiero saber si"),
        (SPANISH, "Es para el"),
    ],
)
def test_half_a_sentence_waits_for_the_rest(language: Language, text: str) -> None:
    assert TurnWords(language).looks_unfinished(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (ENGLISH, "How do I reset my password?"),
        (GERMAN, "Wie setze ich mein Passwort zurück?"),
        (GERMAN, "Wie melde ich mich bei Ihnen an"),
        (GERMAN, "Das kostet nichts, oder?"),
        (GERMAN, "Ja, gerne."),
        (SPANISH, "¿Cómo cambio mi contraseña?"),
        (SPANISH, "Puede decirme dónde está"),
        (SPANISH, "Sí, gracias."),
    ],
)
def test_a_whole_one_does_not(language: Language, text: str) -> None:
    assert TurnWords(language).looks_complete(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (ENGLISH, "That was all, thank you. Goodbye."),
        (ENGLISH, "no thanks that's all bye bye"),
        (ENGLISH, "That was all. Thank you. Good-bye."),
        (ENGLISH, "Great, I have to go now."),
        (ENGLISH, "Thank you for your help. Goodbye."),
        (ENGLISH, "Yes, that's all."),
        (ENGLISH, "Alright, bye."),
        (ENGLISH, "Thanks. You can end the call."),
        (ENGLISH, "That was all. Great, thank you. Goodbye and take care."),
        (GERMAN, "Tschüss und danke."),
        (SPANISH, "Adiós y gracias."),
        (GERMAN, "Vielen Dank für Ihre Hilfe, auf Wiedersehen."),
        (GERMAN, "Ja, das ist alles für heute."),
        (SPANISH, "Gracias por su ayuda, adiós."),
        (GERMAN, "Nein, das war's, vielen Dank. Tschüss!"),
        (GERMAN, "Danke, auf Wiederhören."),
        (SPANISH, "No, eso es todo. Muchas gracias, ¡adiós!"),
        (SPANISH, "Vale, hasta luego."),
    ],
)
def test_a_goodbye_is_one(language: Language, text: str) -> None:
    assert TurnWords(language).says_goodbye(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (ENGLISH, ""),
        (ENGLISH, "Thank you very much."),
        (ENGLISH, "That's it."),
        (ENGLISH, "That is all I see on the page."),
        (ENGLISH, "Goodbye to my plan, then."),
        (ENGLISH, "That's all?"),
        (ENGLISH, "Okay, I'm done."),
        (GERMAN, "Servus."),
        (SPANISH, "Buen día."),
        (ENGLISH, "That's all well and good."),
        (ENGLISH, "That is all very well."),
        (GERMAN, "Das ist alles sehr teuer."),
        (GERMAN, "Das ist alles sehr gut."),
        (GERMAN, "Das ist alles?"),
        (SPANISH, "¿Eso es todo?"),
        (SPANISH, "¿Nada más?"),
        (GERMAN, "Nein, danke."),
        (SPANISH, "Nada más abrir la página se cierra."),
    ],
)
def test_nobody_is_hung_up_on_who_may_go_on(language: Language, text: str) -> None:
    assert not TurnWords(language).says_goodbye(text)


@pytest.mark.parametrize(
    ("language", "text"), [(ENGLISH, "Okay, right."), (GERMAN, "Ja, genau."), (SPANISH, "Vale, de acuerdo.")]
)
def test_who_only_listens_does_not_interrupt(language: Language, text: str) -> None:
    assert not TurnWords(language).is_backchannel(text, 2.0), "too long for that"
    assert TurnWords(language).is_backchannel(text.split(", ")[-1], 0.5)


@pytest.mark.parametrize("text", ["A memum.", "M. M. H. N..", "Amen, ma'am.", "Mh-hmm, mum.", "Okay, a memum."])
def test_what_is_made_of_a_hum_is_one(text: str) -> None:
    assert TurnWords(ENGLISH).is_backchannel(text, 0.5)


@pytest.mark.parametrize(
    "text",
    [
        *("A human.", "Hmm, human.", "My money.", "No.", "No, no.", "Mm, nah."),
        *("I mean,", "A moment.", "Nine.", "Name.", "Menu."),
    ],
)
def test_words_with_the_sounds_of_a_hum_are_none(text: str) -> None:
    assert not TurnWords(ENGLISH).is_backchannel(text, 0.5)
