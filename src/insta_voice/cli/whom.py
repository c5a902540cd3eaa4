"""Whom a `users` command means, and as what: everyone with an e-mail address, or the one account with a Firebase uid.

People who sign in by telephone or without a name have no address; `users list` shows their uid.
"""

from dataclasses import dataclass
from typing import cast, get_args

from insta_voice.cli.printing import on_one_line
from insta_voice.command import command
from insta_voice.customers import Role, give_role, lock_out, set_disabled, set_role
from insta_voice.db import Database
from insta_voice.errors import InvalidInputError, NotFoundError
from insta_voice.privacy import erase_address, erase_person


def read_role(written: str) -> Role:
    """What someone may do: call; read and take over calls; everything. InvalidInputError for another word."""
    for role in get_args(Role):
        if written == role:
            return cast("Role", role)
    raise InvalidInputError(f"{on_one_line(written)} is no role. Give customer, support or admin.")


@dataclass(frozen=True, slots=True)
class Whom:
    """What the operator wrote; with an @ in it, it is an address. Raises InvalidInputError for one that cannot be."""

    written: str

    def __post_init__(self) -> None:
        if self.by_address and (len(self.written) > 320 or "@" not in self.written.strip()[1:-1]):
            raise InvalidInputError(f"{on_one_line(self.written)} is no e-mail address. Write it like ada@example.com.")

    @property
    def by_address(self) -> bool:
        """False for a uid."""
        return "@" in self.written

    @property
    def fact(self) -> dict[str, str]:
        """For programs."""
        return {"email" if self.by_address else "user_id": self.written}

    async def give_role(self, db: Database, role: Role) -> bool:
        """True when somebody has it now; an address may wait for whoever signs in with it."""
        if self.by_address:
            return await give_role(db, self.written, role)
        await set_role(db, self.written, role)
        return True

    async def set_disabled(self, db: Database, disabled: bool) -> None:
        """Lock them out, or let them in again. NotFoundError when there is nobody."""
        if self.by_address:
            await lock_out(db, self.written, disabled=disabled)
        else:
            await set_disabled(db, self.written, disabled)

    async def erase(self, db: Database) -> int:
        """Delete everything about them; how many had signed in. NotFoundError when there is nobody."""
        if self.by_address:
            return await erase_address(db, self.written)
        if not await erase_person(db, user_id=self.written, requested_by="operator"):
            raise NotFoundError
        return 1

    def nobody(self) -> NotFoundError:
        """What is said when there is nobody."""
        who = on_one_line(self.written)
        if self.by_address:
            return NotFoundError(f"Nobody here has the address {who}. `{command('users list')}` shows who has.")
        return NotFoundError(
            f"Nobody here has the uid {who}. `{command('users list')}` shows who has; "
            "someone who has not signed in yet is named by address, like ada@example.com."
        )
