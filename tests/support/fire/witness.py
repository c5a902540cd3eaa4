"""What a caller noticed, and when: what was heard, and what a page shows beside the mark's own play."""

from dataclasses import dataclass

from insta_voice.demo.caller import Caller

# A page shows these too, but they tell nobody why it is silent.
_NO_NEWS = {"listening", "thinking", "speaking", "initializing", "idle"}


@dataclass(frozen=True, slots=True)
class News:
    """Something heard or seen, at a moment of the monotonic clock in seconds."""

    at_s: float
    what: str


def seen(caller: Caller, since_s: float) -> list[News]:
    """What a page showed since then that says how the call goes."""
    return [News(s.at_s, s.what) for s in caller.seen if s.at_s >= since_s and s.what not in _NO_NEWS]


def longest_unexplained_s(caller: Caller, from_s: float, to_s: float) -> float:
    """The longest stretch between two moments without a sound or a line, while the page shows an assistant.

    While it says that it reconnects, waits for the assistant, or why the call has ended, nothing is unexplained.
    """
    words = [News(at_s, "sound") for at_s in caller.ear.sounds_since(from_s)]
    words += [News(line.at_s, "line") for line in caller.lines]
    longest_s, since_s = 0.0, from_s
    assistants, away = 0, False
    for news in sorted([*seen(caller, 0.0), *words], key=lambda news: news.at_s):
        if news.at_s > to_s:
            break
        if news.at_s > from_s and assistants > 0 and not away:
            longest_s = max(longest_s, news.at_s - max(since_s, from_s))
        since_s = news.at_s
        assistants += {"assistant came": 1, "assistant left": -1}.get(news.what, 0)
        if news.what in ("reconnecting", "connected again"):
            away = news.what == "reconnecting"
        if news.what.startswith("disconnected"):
            return longest_s
    return max(longest_s, to_s - max(since_s, from_s)) if assistants > 0 and not away else longest_s
