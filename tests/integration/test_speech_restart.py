"""The speech server is killed in the middle of a call: the call goes on, no word is lost, none is said twice."""

import asyncio

import pytest
from livekit import rtc
from livekit.agents import APIConnectionError, APIConnectOptions, stt
from tests.support.speech import SpeechServer, free_port, speak, word_errors

from insta_voice.errors import SpeechServerError
from insta_voice.voice.local.client import PIPER_SAMPLE_RATE, SpeechClient
from insta_voice.voice.local.stt import LocalSTT
from insta_voice.voice.local.tts import LocalTTS

ANSWER = (
    "To reset your password, open Settings. Then choose Security and look for the last line. "
    "You will get an email with a link. The link works for one hour. After that, ask for another one. "
    "If nothing arrives, look among the unwanted mail. Your colleagues cannot see any of this."
)


async def test_it_is_not_ready_before_its_models_are_and_stops_quickly(own_speech_server: SpeechServer):
    client = SpeechClient(own_speech_server.url)
    assert not await own_speech_server.is_ready()
    own_speech_server.start()
    await own_speech_server.until_ready()
    assert [piece async for piece in client.speak("Hello.")]  # a socket is open and something has run
    assert own_speech_server.stop() < 2 * 3, "3 s, doubled for a busy machine"
    assert own_speech_server.process.returncode == 0
    await client.aclose()


async def test_speech_that_was_cut_by_a_kill_goes_on_where_it_stopped(own_speech_server: SpeechServer):
    own_speech_server.start()
    client = SpeechClient(own_speech_server.url, patience_s=20)
    await own_speech_server.until_ready()
    spoken, pcm, killed = "", b"", False
    async for piece in client.speak(ANSWER):
        spoken += ANSWER[piece.start : piece.end]
        pcm += piece.pcm16
        if not killed and len(spoken) > 60:
            killed = True
            own_speech_server.kill()
            own_speech_server.start()
    assert spoken.split() == ANSWER.split()
    heard = await client.transcribe(pcm, PIPER_SAMPLE_RATE, final=True)
    assert word_errors(ANSWER, heard.text) <= 8, heard.text
    await client.aclose()


async def test_livekit_hears_every_segment_although_the_server_was_killed(own_speech_server: SpeechServer):
    own_speech_server.start()
    await own_speech_server.until_ready()
    recogniser = LocalSTT(own_speech_server.url)
    finals = []
    async with recogniser.stream() as stream:
        for number, sentence in enumerate(["Which plan am I on?", "How do I reset my password?"]):
            if number == 1:
                own_speech_server.kill()
            pcm = speak(sentence, 48_000)
            for at in range(0, len(pcm), 960):
                chunk = pcm[at : at + 960]
                stream.push_frame(rtc.AudioFrame(chunk, 48_000, 1, len(chunk) // 2))
            stream.flush()
            if number == 1:
                own_speech_server.start()
            async for event in stream:
                if event.type is stt.SpeechEventType.FINAL_TRANSCRIPT:
                    finals.append(event.alternatives[0].text)
                    break
    assert word_errors("Which plan am I on?", finals[0]) <= 1
    assert word_errors("How do I reset my password?", finals[1]) <= 1
    await recogniser.aclose()


async def test_when_nobody_listens_livekit_is_told_that_trying_again_may_help():
    url = f"http://127.0.0.1:{free_port()}"
    client = SpeechClient(url, patience_s=0.3)
    with pytest.raises(SpeechServerError):
        await client.transcribe(b"", final=True)
    with pytest.raises(APIConnectionError) as raised:
        await LocalSTT(url, client=client).recognize(
            rtc.AudioFrame(bytes(640), 16_000, 1, 320), conn_options=APIConnectOptions(max_retry=0)
        )
    assert raised.value.retryable
    with pytest.raises(APIConnectionError) as raised:
        await LocalTTS(url, client=client).synthesize("Hello.", conn_options=APIConnectOptions(max_retry=0)).collect()
    assert raised.value.retryable
    await client.aclose()


async def test_everybody_who_waits_is_told_in_the_same_time():
    client = SpeechClient(f"http://127.0.0.1:{free_port()}", patience_s=0.5)
    started = asyncio.get_running_loop().time()
    told = await asyncio.gather(*(client.transcribe(bytes(640), final=True) for _ in range(10)), return_exceptions=True)
    assert all(isinstance(error, SpeechServerError) for error in told)
    assert asyncio.get_running_loop().time() - started < 2.5, "not one after the other"
    await client.aclose()
