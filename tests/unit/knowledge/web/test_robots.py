"""robots.txt: whose group counts, which rule wins, and what an answer that is none means (RFC 9309)."""

import httpx
import pytest

from insta_voice.errors import OutgoingError
from insta_voice.knowledge.web.asking import Response
from insta_voice.knowledge.web.robots import Robots, Rules

FILE = """
User-agent: *
Disallow: /

User-agent: Insta-Voice
Allow: /help/
Disallow: /help/private/
Disallow: /*.pdf$
Disallow: /search
Crawl-delay: 7
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/help/reset", True),
        ("/help/private/x", False),  # the longer rule wins
        ("/manual.pdf", False),
        ("/manual.pdf?download", True),
        ("/search?q=x", False),
        ("/robots.txt", True),
    ],
)
def test_the_longest_rule_of_our_own_group_counts(path: str, allowed: bool) -> None:
    assert Rules(FILE).allows(f"https://help.example{path}") is allowed


def test_without_a_group_of_our_own_that_of_everybody_counts() -> None:
    rules = Rules("User-agent: *\nDisallow: /a\n\nUser-agent: other\nDisallow: /")
    assert not rules.allows("https://help.example/a")
    assert rules.allows("https://help.example/b")
    assert rules.pause_s == 0
    assert Rules(FILE).pause_s == 7


def test_a_pattern_that_matches_in_a_thousand_ways_costs_no_time() -> None:
    rules = Rules("User-agent: *\nDisallow: /" + "*a" * 40 + "*b$")
    assert rules.allows("https://help.example/" + "a" * 1900)


class Server:
    """Answers with each of `answers` in turn, the last for ever."""

    def __init__(self, *answers: Response | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, url: str) -> Response:
        self.asked.append(url)
        answer = self._answers[min(len(self.asked), len(self._answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


def response(status: int, content: str = "", **headers: str) -> Response:
    return Response(status, httpx.Headers(headers), content.encode(), True)


async def test_each_host_is_asked_once() -> None:
    server = Server(response(200, FILE))
    robots = Robots(server)
    for path in ("/a", "/help/b"):
        await robots.rules(f"https://help.example{path}")
    await robots.rules("http://help.example/")
    assert server.asked == ["https://help.example/robots.txt", "http://help.example/robots.txt"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_without_a_file_everything_may_be_read(status: int) -> None:
    assert (await Robots(Server(response(status))).rules("https://help.example/")).allows("https://help.example/a")


@pytest.mark.parametrize("answer", [response(500), response(503), response(429), OutgoingError(detail="it is away")])
async def test_while_the_file_cannot_be_had_nothing_may(answer: Response | Exception) -> None:
    server = Server(answer)
    robots = Robots(server)
    for _ in range(2):
        with pytest.raises(OutgoingError):
            await robots.rules("https://help.example/")
    assert len(server.asked) == 1, "and it is not asked for again and again"


async def test_five_redirects_are_followed_and_no_more() -> None:
    moved = response(301, location="/robots.txt")
    rules = await Robots(Server(*[moved] * 5, response(200, FILE))).rules("https://help.example/")
    assert not rules.allows("https://help.example/search")
    with pytest.raises(OutgoingError, match="did not answer"):
        await Robots(Server(moved)).rules("https://help.example/")


async def test_a_file_in_no_encoding_is_read_as_far_as_it_goes() -> None:
    broken = Response(200, httpx.Headers(), b"\xef\xbb\xbfUser-agent: *\nDisallow: /a\n\xff\xfe: x\n", True)
    assert not (await Robots(Server(broken)).rules("https://x.example/")).allows("https://x.example/a")
