"""Who calls: who may, the profile of a signed-in person, the account facts support needs, what the last call left.

The call itself is in `calls`; proving who someone is, in `auth`; what is kept of a person and how it goes, in
`privacy`.
"""

from insta_voice.customers.memory import Summary, last_summary, save_interaction_summary
from insta_voice.customers.people import (
    Imported,
    KnownPerson,
    Person,
    give_role,
    import_people,
    list_people,
    lock_out,
)
from insta_voice.customers.people_file import PeopleFile, read_people
from insta_voice.customers.profiles import (
    Profile,
    Role,
    get_profile,
    get_user_account_info_from_db,
    import_profile,
    set_disabled,
    set_role,
)
from insta_voice.customers.signup import admit

__all__ = [
    "Imported",
    "KnownPerson",
    "PeopleFile",
    "Person",
    "Profile",
    "Role",
    "Summary",
    "admit",
    "get_profile",
    "get_user_account_info_from_db",
    "give_role",
    "import_people",
    "import_profile",
    "last_summary",
    "list_people",
    "lock_out",
    "read_people",
    "save_interaction_summary",
    "set_disabled",
    "set_role",
]
