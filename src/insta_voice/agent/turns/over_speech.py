"""What the engine knows of the assistant's voice while the caller makes a sound over it."""

from collections.abc import Callable

from insta_voice.agent.turns.echo import EchoFloor, is_echo, may_be_echo
from insta_voice.agent.turns.meaning import Meaning, Saying, is_sure, meaning_of, only_listens
from insta_voice.agent.turns.overlap import Move, Overlap
from insta_voice.agent.turns.ports import Window
from insta_voice.agent.turns.words import TurnWords, plain_words

_ECHO_LASTS_S = 0.4  # the last word is on its way to the loudspeaker and back
# A turn of so late a word opens after 0.1 s of it; where browsers keep 0.2 s, that is 0.3 to 0.5 s after the end here.
_ECHO_OPENS_S = 0.6
# An echo stops when the assistant is held, a caller goes on. By so much voice it is known; only a call whose microphone
# has heard nothing of so much of the assistant need not wait for that.
_ECHO_STOPS_S = 0.55
_NO_ECHO_AFTER_S = 3.0
_NO_VOICE = 0.35  # Silero's own threshold


class OverSpeech:
    """One per call. `audible` tells whether the caller hears the assistant right now, `saying` what it says."""

    def __init__(
        self, audible: Callable[[], bool], saying: Callable[[], Saying], words: TurnWords, *, holds: bool = True
    ) -> None:
        """Without `holds` it goes on until words end it."""
        self.audible = audible
        self._holds = holds
        self._saying = saying
        self._words = words
        self._echo = EchoFloor()
        self._overlap: Overlap | None = None
        self._last_said = Saying()  # by the assistant
        self._began_over = Saying()  # what the open turn began over: its end may come when that is long said
        self._suspected = b""  # audio of the open turn that may be an echo
        self._silent_s = 0.0  # since the assistant was audible
        self._unechoed_s = 0.0  # of its voice, in which nobody was heard

    @property
    def began(self) -> bool:
        """Whether the turn that is open began over the assistant's voice."""
        return self._overlap is not None

    @property
    def yielded(self) -> bool:
        """Whether the assistant has fallen silent for it."""
        return self._overlap is not None and self._overlap.yielded

    @property
    def undecided(self) -> bool:
        """Whether it is still to be known who goes on."""
        return self.began and not self.yielded and self.audible()

    def echoes(self, window: Window) -> bool:
        """Whether the voice in the next window is the assistant's own, or somebody's far from the microphone."""
        audible = self.audible()
        self._silent_s = 0.0 if audible else self._silent_s + window.duration_s
        self._last_said = self._saying() if audible else self._last_said
        self._unechoed_s += window.duration_s if audible and window.voice < _NO_VOICE else 0.0
        return self._silent_s < _ECHO_LASTS_S and self._echo.masks(window.pcm)

    def turn_opens(self) -> None:
        self._overlap, self._began_over, self._suspected = None, Saying(), b""
        if self.audible():
            self._overlap, self._began_over = Overlap(holds=self._holds), self._saying()
        elif self._echo.heard and self._silent_s < _ECHO_OPENS_S:
            self._began_over = self._last_said

    def passed(self, window_s: float, voiced_s: float, silence_s: float) -> Move | None:
        """Another window of the open turn."""
        if self._overlap is None or not self.audible():
            return None
        move = self._overlap.passed(window_s, voiced_s, silence_s)
        if move is Move.RELEASE and self._suspected:
            self._echo.learn(self._suspected)  # it stopped when the assistant did
        return move

    def heard(self, text: str, confidence: float | None, voiced_s: float, pcm: bytes) -> Move | None:
        """All that is recognised of the open turn by now, in its audio."""
        assert self._overlap is not None, "asked only while it is undecided"
        saying = self._saying()
        self._suspected = pcm if may_be_echo(plain_words(text), plain_words(saying.text)) else b""
        meaning = meaning_of(text, confidence, voiced_s, saying, self._words)
        if meaning is Meaning.ECHOES:
            self._echo.learn(pcm)
        if meaning is Meaning.SPEAKS and voiced_s < _ECHO_STOPS_S and self._unechoed_s < _NO_ECHO_AFTER_S:
            meaning = Meaning.UNCLEAR
        return self._overlap.heard(meaning)

    def hears_caller(self, pcm: bytes) -> None:
        """The open turn is one: `pcm` is the last of its audio, and tells how loud its caller is."""
        if not self.began and not self.audible():
            self._echo.learn_caller(pcm)

    def only_listens(self, text: str, confidence: float | None, voiced_s: float) -> bool:
        """Whether this, which is all of a turn, was said over the assistant's voice and does not want the turn, or is
        the end of that voice, heard when it was over.
        """
        if self.yielded:
            return False
        over_it = self.began or self.audible()
        if over_it and (not is_sure(confidence) or only_listens(text, voiced_s, self._saying(), self._words)):
            return True
        over = self._began_over
        # A reply may well say the words of its question again.
        return not over.asks and is_echo(plain_words(text), plain_words(over.text))

    def turn_over(self) -> Move | None:
        """It is: what was held goes on."""
        overlap, self._overlap = self._overlap, None
        return overlap.over() if overlap is not None else None
