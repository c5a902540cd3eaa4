"""Each answer as one line of bars on one axis of time: what the wait between question and answer was made of."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from insta_voice.db.text import without_control_characters
from insta_voice.demo.run import Outcome

_QUESTION, _BARS, _TOTAL = 26, 64, 8  # columns; with the gaps between them 100, which every terminal has
_TICKS_MS = (100, 200, 500, 1000, 2000, 5000)
_TICK = 6  # columns at least: a number of four digits and a gap


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the wait. The sign tells it from the others where there are no colours."""

    name: str
    sign: str
    colour: str


ENDPOINTING = Part("endpointing", "░", "blue")
RECOGNITION = Part("recognition", "▒", "blue")
RETRIEVAL = Part("retrieval", "▓", "magenta")
MIND = Part("mind", "█", "yellow")
VOICE = Part("first audio", "▄", "green")
TRANSPORT = Part("transport to the ear", "─", "cyan")
_ALL = (ENDPOINTING, RECOGNITION, RETRIEVAL, MIND, VOICE, TRANSPORT)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a part took, in milliseconds after the caller's last sound."""

    part: Part
    from_ms: float
    to_ms: float


def spans(outcome: Outcome) -> list[Span]:
    """The wait for an answer from its beginning to its end, without a gap; recognition lies over endpointing."""
    took_ms = outcome.answered.parts_ms
    heard_ms = took_ms.get("heard_ms", outcome.reply.voice_to_voice_ms)
    first_audio_ms = took_ms.get("first_audio_ms", heard_ms)
    judged_ms, unseen_ms = took_ms.get("endpointing_ms", 0.0), 0.0
    if "endpointing_ms" not in took_ms and "transport_ms" in took_ms:
        # A model's server ends turns, and nobody here has seen how long it waited: it is what nothing else explains.
        judged_ms = unseen_ms = max(0.0, heard_ms - first_audio_ms - took_ms["transport_ms"])
    left_ms = min(unseen_ms + first_audio_ms, heard_ms)
    found_ms = judged_ms + took_ms.get("retrieval_ms", 0.0)
    thought_ms = found_ms + took_ms.get("mind_ms", 0.0)
    ends = [
        (ENDPOINTING, min(judged_ms, left_ms)),
        (RETRIEVAL, min(found_ms, left_ms)),
        (MIND, min(thought_ms, left_ms)),
        (VOICE, left_ms),
        (TRANSPORT, heard_ms),
    ]
    one_after_another: list[Span] = []
    from_ms = 0.0
    for part, to_ms in ends:
        one_after_another.append(Span(part, from_ms, to_ms))
        from_ms = to_ms
    judged = one_after_another[0]
    recognised = Span(RECOGNITION, max(0.0, judged.to_ms - took_ms.get("recognition_ms", 0.0)), judged.to_ms)
    return [*one_after_another, recognised]


def print_waterfall(console: Console, outcomes: list[Outcome]) -> None:
    """A line for each question. Recognition is drawn at the end of endpointing, which waits for it; when in it it ran
    is not recorded.
    """
    waits = [(outcome, spans(outcome)) for outcome in outcomes if outcome.said]
    longest_ms = max((span.to_ms for _, parts in waits for span in parts), default=0.0)
    if not longest_ms:
        return
    console.print("\nWhere the wait for each answer went", style="italic", highlight=False)
    for line in (*_lines(waits, longest_ms), _axis(longest_ms), _legend()):
        console.print(line, no_wrap=True, highlight=False)


def _lines(waits: list[tuple[Outcome, list[Span]]], longest_ms: float) -> Iterator[Text]:
    for outcome, parts in waits:
        line = Text(without_control_characters(outcome.said))
        line.truncate(_QUESTION, overflow="ellipsis", pad=True)
        line.append(" ")
        for column in range(_BARS):
            at_ms = (column + 0.5) * longest_ms / _BARS
            covering = [span.part for span in parts if span.from_ms <= at_ms < span.to_ms]
            line.append(covering[-1].sign if covering else " ", covering[-1].colour if covering else "")
        yield line.append(f"{max(span.to_ms for span in parts):>{_TOTAL - 3}.0f} ms")


def _axis(longest_ms: float) -> Text:
    apart_ms = next((ms for ms in _TICKS_MS if ms / longest_ms * _BARS >= _TICK), _TICKS_MS[-1])
    line = ""
    for tick_ms in range(0, int(longest_ms) + 1, apart_ms):
        line = line.ljust(_QUESTION + 1 + round(tick_ms / longest_ms * _BARS)) + str(tick_ms)
    return Text(line, style="dim")


def _legend() -> Text:
    legend = Text()
    for part in _ALL:
        legend.append(part.sign, part.colour).append(f" {part.name}  ")
    return legend
