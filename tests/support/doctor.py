"""What the checks look at, for tests: settings from given variables, and a world that is this machine."""

from pathlib import Path

from tests.support.settings import settings_from

from insta_voice.doctor.findings import Finding
from insta_voice.doctor.network import Outside
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.stack.up_file import Addresses

UNKNOWN = "unknown.example"  # the one name that cannot be resolved here
IPV6_ONLY = ("db.abcdefghijklmnopqrst.supabase.co", "v6.example")
PRIVATE = "intranet.example"
PUBLIC = "public.example"  # an address of the internet, to which nothing may connect in a test


async def resolve(host: str, port: int) -> list[str]:
    """Names as a name server would have them: most lead to a public address nobody listens at."""
    if host == UNKNOWN:
        raise OSError("Name or service not known")
    if host in IPV6_ONLY:
        return ["2001:db8::5"]
    if host == PRIVATE:
        return ["10.1.2.3"]
    if host == PUBLIC:
        return ["93.184.216.34"]
    return ["127.0.0.1"] if host in ("localhost", "127.0.0.1") else ["203.0.113.9"]


def outside(*, ipv6: bool = False, firebase: str = "http://127.0.0.1:9", openai: str = "http://127.0.0.1:9") -> Outside:
    """A world without the vendors; name where a fake of theirs listens."""
    return Outside(
        identity_toolkit=firebase,
        certificates=f"{firebase}/certs",
        openai=f"{openai}/v1",
        resolve=resolve,
        has_ipv6_route=lambda: ipv6,
    )


def surroundings(
    variables: dict[str, str], *, world: Outside | None = None, up: Addresses | None = None, directory: Path = Path("/")
) -> Surroundings:
    """What `look_around` would see with exactly these variables set."""
    return Surroundings(settings_from(variables), directory, variables, outside=world or outside(), up=up)


def said(findings: list[Finding]) -> str:
    """Every finding as a line, for `in`."""
    return "\n".join(f"{finding.level}: {finding.sentence} | {finding.mend}" for finding in findings)
