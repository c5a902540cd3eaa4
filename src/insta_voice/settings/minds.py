"""What hears, speaks, thinks and searches."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from insta_voice.settings.base import Places, env

OpenAIPart = Literal["realtime", "llm", "stt", "tts", "embedding"]


@dataclass(frozen=True, slots=True)
class OpenAIServer:
    """Where a part is served, and the variables that say so. `base_url` None is OpenAI's own."""

    base_url: str | None
    api_key: SecretStr | None
    variables: str = "OPENAI_"  # with BASE_URL and API_KEY behind it

    @property
    def usable(self) -> bool:
        """OpenAI wants a key; a server of one's own may not."""
        return bool(self.base_url or self.api_key)


class OpenAISettings(BaseSettings):
    """OpenAI, or any server that speaks its API; hearing, speaking and thinking may each have one of its own."""

    model_config = env("OPENAI_")
    api_key: SecretStr | None = Field(None, description="with a key, VOICE_MODE=auto becomes realtime")
    base_url: str | None = Field(None, description="another server with the OpenAI API")
    realtime_model: str = Field("gpt-realtime", description="model of mode realtime")
    realtime_voice: str = Field("marin", description="voice of mode realtime")
    realtime_turn_detection: Literal["ours", "server_vad", "semantic_vad"] = Field(
        "ours",
        description="who decides in mode realtime that the caller's turn is over; by OpenAI's server (server_vad, "
        "semantic_vad) what the articles say comes through a tool, which the caller waits for",
    )
    realtime_noise_reduction: Literal["off", "near_field", "far_field"] = Field(
        "off",
        description="taken out by OpenAI before its model hears: near_field for headsets, far_field for rooms; the "
        "caller's browser has taken noise out already",
    )
    realtime_truncation: Literal["auto", "disabled"] = Field(
        "auto", description="auto: a call too long for the model loses its beginning; disabled: it fails instead"
    )
    realtime_session_minutes: int = Field(
        20,
        ge=1,
        le=59,
        description="the connection is made anew after so long, which nobody hears; OpenAI ends it after 60",
    )
    tts_model: str = Field("gpt-4o-mini-tts", description="speaks what the app itself says")
    tts_voice: str = Field("marin", description="voice of the same")
    stt_model: str = Field("gpt-4o-mini-transcribe", description="recognition where no local one runs")
    llm_model: str = Field("gpt-5-mini", description="the mind of mode pipeline")
    llm_ahead: bool = Field(
        False,
        description="ask the mind of mode pipeline whenever the caller pauses, before it is known that they are done: "
        "answers begin sooner, and what was asked in vain costs what an answer costs",
    )
    embedding_model: str = Field("text-embedding-3-small", description="vectors when KNOWLEDGE_EMBEDDINGS=openai")
    llm_base_url: str | None = Field(None, description="where the mind is served, if not at OPENAI_BASE_URL")
    llm_api_key: SecretStr | None = Field(None, description="key of that server; OPENAI_API_KEY is not shown to it")
    stt_base_url: str | None = Field(None, description="where recognition is served, if not at OPENAI_BASE_URL")
    stt_api_key: SecretStr | None = Field(None, description="key of that server")
    tts_base_url: str | None = Field(None, description="where the voice is served, if not at OPENAI_BASE_URL")
    tts_api_key: SecretStr | None = Field(None, description="key of that server")

    def server(self, part: OpenAIPart) -> OpenAIServer:
        """Where `part` is served."""
        own = {
            "llm": OpenAIServer(self.llm_base_url, self.llm_api_key, "OPENAI_LLM_"),
            "stt": OpenAIServer(self.stt_base_url, self.stt_api_key, "OPENAI_STT_"),
            "tts": OpenAIServer(self.tts_base_url, self.tts_api_key, "OPENAI_TTS_"),
        }.get(part)
        return own if own and own.base_url else OpenAIServer(self.base_url, self.api_key)


class VoiceSettings(BaseSettings):
    """What hears, speaks and thinks."""

    model_config = env("VOICE_")
    mode: Literal["auto", "realtime", "pipeline", "local"] = Field(
        "auto", description="auto: realtime with an OpenAI key, else local"
    )
    stt: Literal["openai", "local"] = Field(
        "openai", description="who hears in mode pipeline; local: the speech server"
    )
    tts: Literal["openai", "local"] = Field(
        "openai",
        description="who speaks in mode pipeline, and for the app itself in realtime; local: the speech server",
    )
    stand_in: Literal["local", "pipeline"] = Field(
        "local",
        description="who answers in mode realtime while its model cannot: the grounded responder here, or before it "
        "the language model of mode pipeline, which speaks more freely and is late when all of OpenAI is away",
    )
    speech_url: str | None = Field(None, description="a running speech server; empty starts one")
    models_dir: Path = Field(Path(".tools/models"), description="where set-up puts the local models' weights")
    local_speed: float = Field(1.0, ge=0.5, le=2.0, description="pace of the local voice: 1.2 is a fifth faster")
    max_calls: int = Field(4, ge=1, description="calls one worker holds; about 25 % of a core each in mode local")
    drain_s: float = Field(
        4.0, ge=1, description="seconds a stopped worker gives running calls to end; as long as a call in production"
    )


class KnowledgeSettings(BaseSettings):
    """How articles are searched and when the assistant says it does not know."""

    model_config = env("KNOWLEDGE_")
    embeddings: Literal["local", "openai"] = Field(
        "local",
        description="which model makes the vectors; the job worker carries a change out",
    )
    answer_confidence: float = Field(
        0.5,
        ge=0,
        le=1,
        description="answer only when at least this sure that the evidence answers the question",
    )
    check_answers: bool = Field(
        True,
        description="leave out, or take back, what a language model says and nothing it was given says; for English",
    )
    allow_hosts: Places = Field(
        (),
        description="host or host:port, comma separated: where pages may be read although it is in your own network, "
        "or at another port than 80 and 443",
    )
