"""The session of a call: one `AgentSession`, its providers by mode, its turns decided by us."""

from typing import Any

from livekit.agents import NOT_GIVEN, AgentSession, llm, stt, tts
from livekit.agents.voice import room_io

from insta_voice.agent.state import CallState
from insta_voice.agent.turns.ports import SAMPLE_RATE
from insta_voice.voice.realtime import RealtimeSession


def build_session(
    state: CallState,
    *,
    ears: stt.STT[Any] | None,
    mind: llm.LLM[Any] | llm.RealtimeModel,
    voice: tts.TTS[Any] | None,
) -> AgentSession[CallState]:
    """A session that never ends a turn by itself: `turns.engine` does, over `commit_user_turn`. Without ears and voice
    it is in writing.
    """
    return AgentSession[CallState](
        userdata=state,
        stt=ears or NOT_GIVEN,
        llm=mind,
        tts=voice or NOT_GIVEN,
        vad=None,
        turn_handling={
            "turn_detection": "manual",
            "endpointing": {"min_delay": 0.0, "max_delay": 0.0},  # the engine has waited already
            "interruption": {"resume_false_interruption": False, "discard_audio_if_uninterruptible": False},
            "preemptive_generation": {"enabled": False},
        },
        # The page's microphone has echo cancellation, and an interruption needs recognised words: callers may
        # cut the greeting short.
        aec_warmup_duration=None,
        user_away_timeout=None,
        session_close_transcript_timeout=0.0,  # turns are recognised before they are committed
        tts_text_transforms=None,  # what is said is authored or already plain text
        use_tts_aligned_transcript=True,  # an interrupted sentence is recorded up to the spoken word
        max_tool_steps=3,
    )


def room_options(caller: str) -> room_io.RoomOptions:
    """`caller`: the identity of the one participant that is heard."""
    return room_io.RoomOptions(
        text_input=False,  # `typed` reads it, with bounds
        audio_input=room_io.AudioInputOptions(
            sample_rate=SAMPLE_RATE,
            frame_size_ms=20,  # each frame is latency
            auto_gain_control=False,  # browsers have their own
            pre_connect_audio=False,  # the page sends none, and what another client sends is read without a bound
        ),
        audio_output=False,  # `speech.playout` is
        participant_identity=caller,
        close_on_disconnect=False,  # the call decides (a lost connection may come back)
        delete_room_on_close=False,
    )


def realtime_session_of(session: AgentSession[CallState]) -> RealtimeSession | None:
    """The connection that answers, while there is one."""
    try:
        model = session.current_agent.realtime_llm_session
    except RuntimeError:  # no such model, or another mind takes the session over at this moment
        return None
    return model if isinstance(model, RealtimeSession) else None
