"""The speech server as LiveKit sees it: a recogniser and a voice like any other provider's."""

import asyncio

import pytest
from livekit import rtc
from livekit.agents import stt
from tests.support.speech import SpeechServer, speak, word_errors

from insta_voice.voice.local.client import PIPER_SAMPLE_RATE, SpokenPiece
from insta_voice.voice.local.stt import LocalSTT
from insta_voice.voice.local.tts import LocalTTS, timed_words

TEXT = "Your plan is Team. It renews in March, and you have ten seats."


def frames(pcm: bytes, sample_rate: int) -> list[rtc.AudioFrame]:
    size = sample_rate // 100 * 2
    return [
        rtc.AudioFrame(pcm[at : at + size], sample_rate, 1, len(pcm[at : at + size]) // 2)
        for at in range(0, len(pcm), size)
    ]


async def test_each_flush_gives_one_final_transcript_and_the_end_of_speech(speech_server: SpeechServer):
    recogniser = LocalSTT(speech_server.url)
    assert recogniser.capabilities.streaming
    async with recogniser.stream() as stream:
        for sentence in ("Which plan am I on?", "Thank you very much."):
            for frame in frames(speak(sentence, 48_000), 48_000):
                stream.push_frame(frame)
            stream.flush()
        stream.end_input()
        events = [event async for event in stream]
    kinds = [event.type for event in events if event.type is not stt.SpeechEventType.RECOGNITION_USAGE]
    assert kinds == [stt.SpeechEventType.FINAL_TRANSCRIPT, stt.SpeechEventType.END_OF_SPEECH] * 2
    finals = [event.alternatives[0] for event in events if event.alternatives]
    assert word_errors("Which plan am I on?", finals[0].text) <= 1
    assert word_errors("Thank you very much.", finals[1].text) <= 1
    assert all(0.5 < final.confidence <= 1 for final in finals)
    await recogniser.aclose()


async def test_a_whole_recording_is_recognised_at_once(speech_server: SpeechServer):
    recogniser = LocalSTT(speech_server.url)
    event = await recogniser.recognize(frames(speak("Can I talk to a person?", 48_000), 48_000))
    assert word_errors("Can I talk to a person?", event.alternatives[0].text) <= 1
    await recogniser.aclose()


async def test_text_in_tokens_becomes_speech_with_the_time_of_each_word(speech_server: SpeechServer):
    voice = LocalTTS(speech_server.url)
    pcm, words = b"", []
    async with voice.stream() as stream:
        for token in TEXT.split(" "):
            stream.push_text(token + " ")
        stream.end_input()
        async for event in stream:
            pcm += bytes(event.frame.data)
            words += event.frame.userdata.get("lk.timed_transcripts", [])
    heard = await voice.client.transcribe(pcm, PIPER_SAMPLE_RATE, final=True)
    assert word_errors(TEXT, heard.text) <= 2
    assert "".join(words).split() == TEXT.split()
    starts = [word.start_time for word in words]
    assert starts == sorted(starts)
    assert words[-1].end_time == pytest.approx(len(pcm) / 2 / PIPER_SAMPLE_RATE, abs=0.1)
    await voice.aclose()


async def test_the_first_clause_is_spoken_while_the_rest_is_still_being_thought(speech_server: SpeechServer):
    voice = LocalTTS(speech_server.url)
    async with voice.stream() as stream:
        stream.push_text("To reset your password, open the ")
        first = await asyncio.wait_for(anext(stream), 20)
        assert first.frame.samples_per_channel > 0
        stream.push_text("settings.")
        stream.end_input()
        assert [event async for event in stream]
    await voice.aclose()


async def test_slower_takes_effect_with_the_next_utterance(speech_server: SpeechServer):
    voice = LocalTTS(speech_server.url)
    usual = await voice.synthesize(TEXT).collect()
    voice.update_options(speed=0.7)
    slower = await voice.synthesize(TEXT).collect()
    assert slower.duration > 1.1 * usual.duration
    await voice.aclose()


async def test_a_text_with_nothing_to_pronounce_is_no_error(speech_server: SpeechServer):
    voice = LocalTTS(speech_server.url)
    frame = await voice.synthesize("...").collect()
    assert frame.duration > 0
    await voice.aclose()


def test_words_share_the_time_of_their_clause_by_their_letters():
    piece = SpokenPiece(start=6, end=17, pause_s=0.3, audio_s=1.3, pcm16=b"")
    words = timed_words("Well, ab abcdefgh", piece, 2.0)
    assert [str(word) for word in words] == ["ab ", "abcdefgh "]
    assert words[0].start_time == pytest.approx(2.3)
    assert words[1].start_time == pytest.approx(2.5)
    assert words[1].end_time == pytest.approx(3.3)
