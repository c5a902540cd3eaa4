"""The people who can sign in on a machine with no Firebase project: they exist in the Auth emulator only."""

from dataclasses import dataclass
from typing import Final, Literal

DEMO_PROJECT_ID: Final = "demo-insta-voice"  # Firebase treats ids that begin with "demo-" as never real
DEMO_PASSWORD: Final = "tidewater-demo"  # noqa: S105  (public on purpose: the emulator accepts anyone)


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A sign-in of the demo company."""

    user_id: str
    email: str
    name: str
    role: Literal["customer", "support", "admin"]
    plan: str
    password: str = DEMO_PASSWORD


DEMO_USERS: Final[tuple[DemoUser, ...]] = (
    DemoUser("demo-maya", "maya@tidewater.example", "Maya Lindholm", "customer", "team"),
    DemoUser("demo-leo", "leo@tidewater.example", "Leo Okafor", "customer", "free"),
    DemoUser("demo-sam", "sam@tidewater.example", "Sam Rivera", "support", "team"),
    DemoUser("demo-ada", "ada@tidewater.example", "Ada Novak", "admin", "team"),
)
