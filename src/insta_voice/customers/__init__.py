"""Who calls: the profile of a signed-in person, the account facts support needs, what the last call left.

The call itself is in `calls`; proving who someone is, in `auth`.
"""

from insta_voice.customers.memory import Summary, last_summary, save_interaction_summary
from insta_voice.customers.profiles import (
    Profile,
    Role,
    ensure_profile,
    get_profile,
    get_user_account_info_from_db,
    import_profile,
    set_disabled,
    set_role,
)

__all__ = [
    "Profile",
    "Role",
    "Summary",
    "ensure_profile",
    "get_profile",
    "get_user_account_info_from_db",
    "import_profile",
    "last_summary",
    "save_interaction_summary",
    "set_disabled",
    "set_role",
]
