"""From what LiveKit's models report of a request to usage in our units."""

from livekit.agents.metrics import AgentMetrics, LLMMetrics, RealtimeModelMetrics, STTMetrics, TTSMetrics

from insta_voice.costs import Usage


def usage_of(metrics: AgentMetrics) -> Usage | None:
    """None for what costs nothing by itself: delays, voice activity, the end of a turn."""
    match metrics:
        case STTMetrics():
            return _usage(
                metrics,
                text_input_tokens=metrics.input_tokens - metrics.input_audio_tokens,
                audio_input_tokens=metrics.input_audio_tokens,
                text_output_tokens=metrics.output_tokens,
                audio_ms=_ms(metrics.audio_duration),
            )
        case LLMMetrics():
            return _usage(
                metrics,
                text_input_tokens=metrics.prompt_tokens,
                cached_text_input_tokens=metrics.prompt_cached_tokens,
                text_output_tokens=metrics.completion_tokens,
            )
        case RealtimeModelMetrics():
            return _realtime(metrics)
        case TTSMetrics():
            return _usage(
                metrics,
                text_input_tokens=metrics.input_tokens,
                audio_output_tokens=metrics.output_tokens,
                characters=metrics.characters_count,
                audio_ms=_ms(metrics.audio_duration),
            )
    return None


def _realtime(metrics: RealtimeModelMetrics) -> Usage:
    """Tokens of which the server does not say the kind are counted as audio, the dearer one."""
    heard, said = metrics.input_token_details, metrics.output_token_details
    cached = heard.cached_tokens_details
    return _usage(
        metrics,
        text_input_tokens=heard.text_tokens,
        cached_text_input_tokens=cached.text_tokens if cached else 0,
        audio_input_tokens=max(heard.audio_tokens, metrics.input_tokens - heard.text_tokens),
        cached_audio_input_tokens=cached.audio_tokens if cached else 0,
        text_output_tokens=said.text_tokens,
        audio_output_tokens=max(said.audio_tokens, metrics.output_tokens - said.text_tokens),
        audio_ms=_ms(metrics.session_duration),
    )


def _usage(metrics: STTMetrics | LLMMetrics | RealtimeModelMetrics | TTSMetrics, **amounts: int) -> Usage:
    named = metrics.metadata
    provider, model = (named.model_provider, named.model_name) if named else ("", "")
    return Usage(provider or "unknown", model or "unknown", **{name: max(0, used) for name, used in amounts.items()})


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
