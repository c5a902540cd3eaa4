"""Somebody's website on loopback: pages by path, and who asked for what."""

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.support.misbehaving import Misbehaviour

from insta_voice.knowledge.web import Door, Pace, Visitor
from insta_voice.outgoing import Resolver, resolve


@dataclass(frozen=True, slots=True)
class Page:
    """What is answered; with an ETag, 304 to who has it."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, asked: Mapping[str, str]) -> bytes:
        """The bytes to send."""
        etag = self.headers.get("ETag")
        status, body = (304, b"") if etag and asked.get("if-none-match") == etag else (self.status, self.body)
        lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    path: str
    headers: dict[str, str]


@dataclass
class Site:
    """`pages` may be changed at any time; what is not among them is not there."""

    place: str
    pages: dict[str, Page | Misbehaviour]
    asked: list[Asked] = field(default_factory=list)

    def url(self, path: str = "/") -> str:
        """The address of a page."""
        return f"http://{self.place}{path}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, robots.txt aside."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def forget(self) -> None:
        """As if nobody had asked."""
        self.asked.clear()


@asynccontextmanager
async def serving_site(
    pages: Mapping[str, Page | Misbehaviour] | None = None, *, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[Site]:
    """A running website."""
    busy: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *rest = head.rstrip().split("\r\n")
            path = line.split(" ")[1]
            headers = {name.lower(): value for name, value in (part.split(": ", 1) for part in rest)}
            site.asked.append(Asked(path, headers))
            page = site.pages.get(path, Page(status=404))
            if isinstance(page, Page):
                writer.write(page.answer(headers))
                await writer.drain()
            else:
                await page(writer)
        writer.close()
        busy.discard(task)

    server = await asyncio.start_server(serve, host, port)
    bound = server.sockets[0].getsockname()[1]
    site = Site(f"{host}:{bound}", dict(pages or {}))
    async with server:
        yield site
        for task in list(busy):
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)


def visitor(*sites: Site, resolver: Resolver = resolve, timeout_s: float = 5.0) -> Visitor:
    """Who may visit these sites, although they are on this machine, and takes no pauses."""
    door = Door([site.place for site in sites], resolver=resolver)
    return Visitor(door, Pace(0.0), timeout_s=timeout_s)


def html(title: str, text: str, *links: str, etag: str = "", head: str = "") -> Page:
    """A help page: a menu of links, and a text."""
    menu = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
    body = (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body><nav><ul>{menu}</ul></nav>"
        f"<main><h1>{title}</h1><p>{text}</p></main></body></html>"
    )
    headers = {"Content-Type": "text/html; charset=utf-8", **({"ETag": etag} if etag else {})}
    return Page(body.encode(), headers=headers)


def redirect(to: str, status: int = 301) -> Page:
    """A page that has moved."""
    return Page(status=status, headers={"Location": to})


def sitemap(*urls: str, index: bool = False) -> bytes:
    """A sitemap of pages, or an index of sitemaps."""
    root, entry = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    entries = "".join(f"<{entry}><loc>{url}</loc></{entry}>" for url in urls)
    return (
        f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'.encode()
    )


def xml(content: bytes) -> Page:
    """An XML file."""
    return Page(content, headers={"Content-Type": "application/xml"})


def text(content: str) -> Page:
    """A plain text file, as robots.txt is."""
    return Page(content.encode(), headers={"Content-Type": "text/plain"})


def bomb(unpacked_bytes: int) -> Page:
    """A few kilobytes that unpack into many."""
    packed = gzip.compress(bytes(unpacked_bytes))
    return Page(packed, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})
