"""What doctor tells from DATABASE_URL before it connects: Supabase's addresses and what people paste instead."""

import pytest
from tests.support.doctor import outside, said, surroundings

from insta_voice.doctor.database_address import check_address

POOLER = "aws-0-eu-west-1.pooler.supabase.com"
DIRECT = "db.abcdefghijklmnopqrst.supabase.co"

WRONG = {
    "the API's address": ("https://abc.supabase.co", "problem: DATABASE_URL is a web address"),
    "no address": ("abc", "problem: DATABASE_URL does not begin with postgresql://"),
    "a key": ("eyJhbGciOiJIUzI1NiJ9", "problem: DATABASE_URL does not begin with postgresql://"),
    "a placeholder": (
        f"postgresql://postgres.abc:[YOUR-PASSWORD]@{POOLER}:6543/postgres",
        "still holds [YOUR-PASSWORD]",
    ),
    "an @ in the password": (
        f"postgresql://postgres.abc:p@ss@{POOLER}:6543/postgres",
        "problem: The password in DATABASE_URL",
    ),
    "a / in the password": (f"postgresql://postgres.abc:p/ss@{POOLER}:6543/postgres", "| Write the character as %"),
    "no host": ("postgresql:///postgres", "problem: DATABASE_URL names no host"),
    "no port": ("postgresql://a:b@localhost:port/postgres", "problem: DATABASE_URL names no host, or no possible port"),
    "a login without project": (
        f"postgresql://postgres:pw@{POOLER}:6543/postgres",
        "problem: The login in DATABASE_URL",
    ),
    "a session": (
        f"postgresql://postgres.abc:pw@{POOLER}:5432/postgres",
        "warning: DATABASE_URL is Supabase's session",
    ),
    "an unknown name": (
        "postgresql://a:b@unknown.example/postgres",
        "problem: The name unknown.example in DATABASE_URL",
    ),
    "a direct address": (
        f"postgresql://postgres:pw@{DIRECT}:5432/postgres",
        "problem: DATABASE_URL is Supabase's direct",
    ),
    "IPv6 only": (
        "postgresql://a:b@v6.example/postgres",
        "problem: v6.example in DATABASE_URL has IPv6 addresses only",
    ),
}


@pytest.mark.parametrize(("url", "sentence"), WRONG.values(), ids=WRONG.keys())
async def test_each_wrong_address_has_its_sentence(url: str, sentence: str) -> None:
    found = await check_address(surroundings({"DATABASE_URL": url}))
    assert sentence in said(found)
    assert len(found) == 1


RIGHT = {
    "the transaction pooler": f"postgresql://postgres.abc:p%40ss@{POOLER}:6543/postgres",
    "one's own": "postgresql://insta:secret@db.internal:5432/voice?sslmode=require",
    "without a password": "postgresql://insta@localhost/voice",
    "another spelling": "postgres://insta@127.0.0.1/voice",
}


@pytest.mark.parametrize("url", RIGHT.values(), ids=RIGHT.keys())
async def test_of_a_right_address_there_is_nothing_to_say(url: str) -> None:
    assert await check_address(surroundings({"DATABASE_URL": url})) == []


async def test_supabases_direct_address_is_right_where_there_is_ipv6() -> None:
    variables = {"DATABASE_URL": f"postgresql://postgres:pw@{DIRECT}:5432/postgres"}
    assert await check_address(surroundings(variables, world=outside(ipv6=True))) == []


@pytest.mark.parametrize("name", ["SUPABASE_URL", "NEXT_PUBLIC_SUPABASE_URL"])
async def test_supabases_url_alone_is_not_enough(name: str) -> None:
    found = await check_address(surroundings({name: "https://abc.supabase.co"}))
    assert "SUPABASE_URL is set, but not DATABASE_URL" in said(found)
    assert "Connect, Transaction pooler" in said(found)


async def test_without_any_address_the_embedded_one_is_meant() -> None:
    assert await check_address(surroundings({})) == []


async def test_no_sentence_shows_the_password() -> None:
    for url, _ in WRONG.values():
        found = await check_address(
            surroundings({"DATABASE_URL": url.replace("pw", "hunter2").replace("p@ss", "hun@ter2")})
        )
        assert "hunter2" not in said(found)
        assert "ter2" not in said(found)
