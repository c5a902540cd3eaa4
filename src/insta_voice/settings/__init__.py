"""Every setting of the backend, typed, documented and read from the environment or `.env`, in one tree.

`.env.example` is checked against it by a test: every variable here stands there, and nothing else does. Field
descriptions are what the configuration reference prints. Secrets are `SecretStr`, so that no log or error shows them.
What may not be set together is refused elsewhere (`auth.safety`).
"""

from insta_voice.settings.callers import AccessSettings, PrivacySettings, SignupRule, SignupSettings
from insta_voice.settings.company import AccountSettings, CompanySettings, DemoSettings, NotifySettings
from insta_voice.settings.costs import CostSettings
from insta_voice.settings.installation import ServiceSettings
from insta_voice.settings.minds import KnowledgeSettings, OpenAIPart, OpenAIServer, OpenAISettings, VoiceSettings
from insta_voice.settings.services import DatabaseSettings, FirebaseSettings, GoogleSettings, LiveKitSettings
from insta_voice.settings.tree import GROUPS, Settings, get_settings

__all__ = [
    "GROUPS",
    "AccessSettings",
    "AccountSettings",
    "CompanySettings",
    "CostSettings",
    "DatabaseSettings",
    "DemoSettings",
    "FirebaseSettings",
    "GoogleSettings",
    "KnowledgeSettings",
    "LiveKitSettings",
    "NotifySettings",
    "OpenAIPart",
    "OpenAIServer",
    "OpenAISettings",
    "PrivacySettings",
    "ServiceSettings",
    "Settings",
    "SignupRule",
    "SignupSettings",
    "VoiceSettings",
    "get_settings",
]
