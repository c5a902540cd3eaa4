"""What `insta-voice init` asks: topics in the order of the first hour, each with the checks that judge its answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from insta_voice.doctor import address, database, database_address, firebase, livekit, mail, openai, tokens, webhook
from insta_voice.doctor.findings import Finding, has_problem, ok, problem
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.errors import InstaVoiceError
from insta_voice.settings import CompanySettings

Values = Mapping[str, str]
Ask = Callable[[Surroundings], Awaitable[list[Finding]]]
DEMO_COMPANY: Final = str(CompanySettings.model_fields["company_name"].default)


def _always(_: Values) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Question:
    """One variable. `asked` looks at the answers so far; a `hidden` answer is not shown while it is typed.

    `default` is what Enter stands for while nothing is set.
    """

    variable: str
    text: str
    hidden: bool = False
    default: str = ""
    asked: Callable[[Values], bool] = _always


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions that belong together. Without an answer to the first, the others are not asked."""

    title: str
    about: str
    questions: tuple[Question, ...]
    checks: tuple[Ask, ...] = ()


async def _database(surroundings: Surroundings) -> list[Finding]:
    url = surroundings.settings.database.url
    found = await database_address.check_address(surroundings)
    if url is None or has_problem(found):
        return found
    try:
        return [*found, *await database.check_database(surroundings, url.get_secret_value())]
    except InstaVoiceError as error:
        return [*found, problem("database", error.message, "Correct DATABASE_URL.")]


async def _company(surroundings: Surroundings) -> list[Finding]:
    from insta_voice.company import greeting_reasons

    reasons = list(greeting_reasons(surroundings.settings))
    return [problem("company", reason, "") for reason in reasons] or [
        ok("company", f"Callers will be greeted for {surroundings.settings.company.company_name}.")
    ]


async def _callers(surroundings: Surroundings) -> list[Finding]:
    from insta_voice.auth.signup_reasons import signup_reasons

    return [problem("callers", reason, "") for reason in signup_reasons(surroundings.settings)]


def _has(variable: str) -> Callable[[Values], bool]:
    return lambda values: bool(values.get(variable))


TOPICS: Final = (
    Topic(
        "Your company",
        "How the assistant introduces itself, and where it sends people it cannot help.",
        (
            Question("COMPANY_NAME", "Company name", default=DEMO_COMPANY),
            Question(
                "SUPPORT_CONTACT",
                "Support contact (an e-mail address or a number)",
                asked=lambda values: values.get("COMPANY_NAME", DEMO_COMPANY) != DEMO_COMPANY,
            ),
        ),
        (_company,),
    ),
    Topic(
        "OpenAI",
        "With a key calls use the Realtime API; without one everything runs on this machine's processor.",
        (Question("OPENAI_API_KEY", "API key (sk-…)", hidden=True),),
        (openai.check_openai,),
    ),
    Topic(
        "Database",
        "Supabase (Connect, Transaction pooler) or any Postgres 15 with pgvector; without one it is started here.",
        (Question("DATABASE_URL", "Database address (postgresql://…)", hidden=True),),
        (_database,),
    ),
    Topic(
        "Sign-in",
        "Your Firebase project (Project settings, General, Your apps); without one an emulator stands in.",
        (
            Question("FIREBASE_PROJECT_ID", "Project id"),
            Question("FIREBASE_WEB_API_KEY", "Web API key (apiKey, AIza…)"),
        ),
        (firebase.check_sign_in, tokens.check_certificates),
    ),
    Topic(
        "Who may call",
        "known: people you import; domains: also everybody with an address of yours; open: anybody, at your cost.",
        (
            Question("SIGNUP", "known, domains or open", default="known", asked=_has("FIREBASE_PROJECT_ID")),
            Question(
                "SIGNUP_DOMAINS", "Domains (example.com,…)", asked=lambda values: values.get("SIGNUP") == "domains"
            ),
        ),
        (_callers,),
    ),
    Topic(
        "Calls",
        "LiveKit Cloud (Settings, Keys) or your own server; without one it is started here.",
        (
            Question("LIVEKIT_URL", "Address (wss://…)"),
            Question("LIVEKIT_API_KEY", "API key"),
            Question("LIVEKIT_API_SECRET", "API secret", hidden=True),
        ),
        (livekit.check_livekit,),
    ),
    Topic(
        "Tickets by webhook",
        "What callers leave for a person is posted to your help desk, signed; without it to nobody, unless by mail.",
        (
            Question("TICKET_WEBHOOK_URL", "Webhook address (https://…)"),
            Question("TICKET_WEBHOOK_SECRET", "Secret that signs it (Enter makes one)", hidden=True),
        ),
        (webhook.check_webhook,),
    ),
    Topic(
        "Tickets by mail",
        "The same tickets as mail to your team, beside the webhook or instead of it.",
        (
            Question("TICKET_SMTP_URL", "Mail server (smtp://user:password@host:587)", hidden=True),
            Question("TICKET_EMAIL_FROM", "From"),
            Question("TICKET_EMAIL_TO", "To"),
        ),
        (mail.check_mail,),
    ),
    Topic(
        "Address",
        "The https:// address your proxy serves the page at; without one it is for this machine.",
        (
            Question("INSTA_PUBLIC_URL", "Public address (https://…)"),
            Question("INSTA_TRUSTED_PROXIES", "Your proxy's address as the API sees it (127.0.0.1 beside it)"),
            Question("INSTA_ENV", "development or production (refuses what is unsafe)", default="development"),
        ),
        (address.check_address,),
    ),
)
MAKES_ONE: Final = frozenset({"TICKET_WEBHOOK_SECRET"})  # no one has to think of a secret
