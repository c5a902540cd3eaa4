"""The version of the prompts a call is held with: of all that a mind is told and the app says, in one short word.

It changes with every authored file, with what a mind reads of its tools, and with the settings that are filled in. It
is a digest: the record tells calls apart by it and learns nothing of what it was made from.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from livekit.agents import llm

from insta_voice.agent.prompts import notice
from insta_voice.agent.tools import TOOLS
from insta_voice.languages import ENGLISH, Language
from insta_voice.settings import Settings

_HERE = Path(__file__).parent
_DIGITS = 12  # 48 bits: among a thousand versions two are the same by chance once in 500 million times


def prompt_version(
    settings: Settings,
    language: Language = ENGLISH,
    *,
    where: Path = _HERE,
    tools: Sequence[llm.Tool | llm.Toolset] = TOOLS,
) -> str:
    """Twelve hexadecimal digits, the same in every process. `where`: the directory with the authored files."""
    parts = {
        "authored": _authored(where, language),
        "tools": _described(tools),
        "settings": _filled_in(settings, language),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:_DIGITS]


def _authored(where: Path, language: Language) -> Mapping[str, str]:
    """Every Markdown file of the agent: instructions, and the sentences of the app and of the grounded responder; of
    those that each language has a file of, the call's.
    """
    files = (file for file in where.rglob("*.md") if file.parent.name != "sentences" or file.stem == language.code)
    return {file.relative_to(where).as_posix(): file.read_text("utf-8") for file in files}


def _described(tools: Sequence[llm.Tool | llm.Toolset]) -> Sequence[Mapping[str, Any]]:
    return llm.ToolContext(tools).parse_function_tools("openai")


def _filled_in(settings: Settings, language: Language) -> Mapping[str, str]:
    company = settings.company
    return {
        "company_name": company.company_name,
        "support_contact": company.support_contact,
        "language": language.code,
        "turn_detection": settings.openai.realtime_turn_detection if settings.voice_mode == "realtime" else "ours",
        "welcome_message": company.own_welcome_message(language) or "",
        "notice": notice(settings.privacy.retention_days, language=language),
    }
