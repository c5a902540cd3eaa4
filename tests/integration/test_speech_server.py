"""The speech server as a process of its own, with the real models: what Piper says, Moonshine hears."""

import asyncio
import json
import time

import httpx
import numpy as np
import pytest
from bench.turn_taking.sounds import music
from openai import AsyncOpenAI, BadRequestError, UnprocessableEntityError
from tests.support.speech import SpeechServer, silence, speak, word_errors
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, WebSocketException

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge import HttpEmbedder
from insta_voice.knowledge.embedding import LOCAL_DIMENSIONS, LOCAL_MODEL
from insta_voice.voice.local.audio import from_pcm16, speech_level_dbfs, to_pcm16
from insta_voice.voice.local.client import PIPER_SAMPLE_RATE, SpeechClient

SENTENCES = [
    "How do I reset my password?",
    "Which plan am I on?",
    "Can I export my invoices as a spreadsheet?",
    "Let me talk to a person, please.",
    "And what happens if I do not get the email?",
]
ANSWER = (
    "To reset your password, open Settings, then choose Security. "
    "You will get an email with a link that works for one hour. "
    "If it does not arrive, look into the folder for unwanted mail and then ask for another one."
)
SHORT = "To reset your password, open Settings, then choose Security."


def _music(seed: int) -> bytes:
    """The decoder half believes that it hears a word in it."""
    sound = music(np.random.default_rng(seed))
    return to_pcm16((sound / np.abs(sound).max() * 0.3).astype(np.float32))


async def test_what_callers_say_is_heard(speech_client: SpeechClient):
    errors = words = 0
    for sentence in SENTENCES:
        heard = await speech_client.transcribe(speak(sentence), final=True)
        errors += word_errors(sentence, heard.text)
        words += len(sentence.split())
        assert heard.confidence > 0.6
    assert errors <= 3, f"{errors} of {words} words are wrong"


async def test_what_the_assistant_says_is_understood_at_any_rate_and_speed(speech_client: SpeechClient):
    for speed in (0.8, 1.0, 1.3):
        pcm = b"".join([piece.pcm16 async for piece in speech_client.speak(SHORT, speed=speed)])
        heard = await speech_client.transcribe(pcm, PIPER_SAMPLE_RATE, final=True)
        assert word_errors(SHORT, heard.text) <= 3, heard.text
        assert speech_level_dbfs(from_pcm16(pcm), PIPER_SAMPLE_RATE) == pytest.approx(-20, abs=2)


async def test_slower_is_longer(speech_client: SpeechClient):
    lengths = {}
    for speed in (0.8, 1.25):
        lengths[speed] = sum([piece.audio_s async for piece in speech_client.speak(SHORT, speed=speed)])
    assert lengths[0.8] > 1.2 * lengths[1.25]


@pytest.mark.parametrize(
    "pcm",
    [
        pytest.param(silence(1.0), id="a quiet room"),
        pytest.param(b"", id="nothing"),
        pytest.param(bytes(32_000), id="digital silence"),
        pytest.param((np.random.default_rng(1).normal(0, 3000, 16_000)).astype("<i2").tobytes(), id="a loud fan"),
        *(pytest.param(_music(seed), id=f"music {seed}") for seed in (1, 7, 18)),
    ],
)
async def test_what_is_no_speech_gives_no_words(speech_client: SpeechClient, pcm):
    heard = await speech_client.transcribe(pcm, final=True)
    assert heard.text == ""


async def test_a_lone_okay_is_said_once(speech_client: SpeechClient):
    heard = await speech_client.transcribe(speak("Okay."), final=True)
    assert heard.text.lower().count("ok") == 1


async def test_a_caller_who_repeats_themselves_is_heard_to_the_end(speech_client: SpeechClient):
    """Story: the guard against "Ok Ok Ok Ok" once swallowed everything after a third "no"."""
    heard = await speech_client.transcribe(speak("No, no, no, I mean the last invoice."), final=True)
    assert word_errors("I mean the last invoice", heard.text[-25:]) <= 1, heard.text


async def test_longer_than_the_model_was_trained_on_is_heard_to_the_end(speech_client: SpeechClient):
    said = [*SENTENCES, *SENTENCES]
    heard = await speech_client.transcribe(b"".join(speak(sentence) for sentence in said), final=True)
    assert heard.audio_s > 20
    assert word_errors(" ".join(said), heard.text) <= 10, heard.text


async def test_the_first_clause_is_there_long_before_the_rest(speech_client: SpeechClient):
    started = time.perf_counter()
    at_s, pieces = [], []
    async for piece in speech_client.speak(ANSWER):
        at_s.append(time.perf_counter() - started)
        pieces.append(piece)
    assert ANSWER[: pieces[0].end] == "To reset your password,"
    assert len(pieces) == 4
    assert at_s[0] < at_s[-1] / 2
    assert len(pieces[0].pcm16) / 2 / PIPER_SAMPLE_RATE == pytest.approx(pieces[0].audio_s)


async def test_cancelled_speech_stops_before_its_next_pieces(speech_server: SpeechServer):
    async with connect(speech_server.url.replace("http", "ws") + "/v1/stream/tts", proxy=None) as socket:
        await socket.send(json.dumps({"type": "speak", "id": "long", "text": ANSWER * 5}))
        assert json.loads(await socket.recv())["start"] == 0
        await socket.send(json.dumps({"type": "cancel", "id": "long"}))
        after = [message async for message in until_done(socket)]
        assert after[-1] == {"type": "done", "id": "long", "cancelled": True}
        assert len(after) <= 3, "of sixteen pieces"


async def until_done(socket):
    """The control messages up to the end of an utterance."""
    while True:
        message = await asyncio.wait_for(socket.recv(), 20)
        if isinstance(message, str):
            yield json.loads(message)
            if json.loads(message)["type"] == "done":
                return


async def test_an_utterance_given_up_leaves_the_client_ready_for_the_next(speech_client: SpeechClient):
    speech = speech_client.speak(ANSWER * 5)
    await anext(speech)
    await speech.aclose()
    pieces = [piece async for piece in speech_client.speak("Sure, one moment.")]
    assert [(piece.start, piece.end) for piece in pieces] == [(0, 17)]


async def test_several_callers_at_once_get_their_own_words(speech_client: SpeechClient):
    heard = await asyncio.gather(*(speech_client.transcribe(speak(sentence), final=True) for sentence in SENTENCES))
    for sentence, transcript in zip(SENTENCES, heard, strict=True):
        assert word_errors(sentence, transcript.text) <= 2


async def test_audio_may_come_as_it_is_spoken_with_words_so_far(speech_server: SpeechServer):
    pcm = speak("How do I reset my password?")
    async with connect(speech_server.url.replace("http", "ws") + "/v1/stream/stt", proxy=None) as socket:
        for at in range(0, len(pcm), 3200):
            await socket.send(pcm[at : at + 3200])
            if at == len(pcm) // 3200 // 2 * 3200:
                await socket.send(json.dumps({"type": "partial"}))
        partial = json.loads(await socket.recv())
        await socket.send(json.dumps({"type": "flush"}))
        final = json.loads(await socket.recv())
    assert partial["type"] == "partial"
    assert 0 < partial["audio_s"] < final["audio_s"]
    assert final["type"] == "final"
    assert final["segment"] == partial["segment"]
    assert word_errors("How do I reset my password?", final["text"]) <= 1


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("stt", "not json"),
        ("stt", '{"type": "sing"}'),
        ("stt", '{"type": "start", "sample_rate": 1}'),
        ("stt", '{"type": "start", "sample_rate": "x"}'),
        ("stt", "[]"),
        ("tts", '{"type": "speak", "id": "1", "text": ""}'),
        ("tts", '{"type": "speak", "id": 1, "text": "hello"}'),
        ("tts", '{"type": "speak", "id": "1", "text": "hello", "speed": 9}'),
        ("tts", '{"type": "speak", "id": "1", "text": "hello", "speed": "fast"}'),
        ("tts", json.dumps({"type": "speak", "id": "1", "text": "a" * 5000})),
        ("tts", b"\x00\x00"),
    ],
)
async def test_what_a_socket_cannot_read_is_answered_with_a_sentence_and_survived(
    speech_server: SpeechServer, path, message
):
    async with connect(speech_server.url.replace("http", "ws") + f"/v1/stream/{path}", proxy=None) as socket:
        await socket.send(message)
        answer = json.loads(await asyncio.wait_for(socket.recv(), 10))
        assert answer["type"] == "error"
        assert answer["code"] == "invalid_input"
        assert answer["detail"].endswith(".")
        after = {"type": "speak", "id": "2", "text": "Yes."} if path == "tts" else {"type": "flush"}
        await socket.send(json.dumps(after))
        assert json.loads(await asyncio.wait_for(socket.recv(), 10))["type"] in ("piece", "final")


async def test_too_much_audio_is_refused(speech_client: SpeechClient):
    with pytest.raises(InvalidInputError, match="too long"):
        await speech_client.transcribe(bytes(8_000 * 2 * 130), 8_000, final=True)


async def test_a_client_that_does_not_read_holds_nobody_up(speech_server: SpeechServer, speech_client: SpeechClient):
    url = speech_server.url.replace("http", "ws") + "/v1/stream/tts"
    async with connect(url, proxy=None, max_queue=1, close_timeout=0.1) as deaf:
        for number in range(4):
            await deaf.send(json.dumps({"type": "speak", "id": str(number), "text": ANSWER * 10}))
        heard = await asyncio.wait_for(speech_client.transcribe(speak(SENTENCES[0]), final=True), 10)
        assert word_errors(SENTENCES[0], heard.text) <= 1


async def test_web_pages_are_refused(speech_server: SpeechServer):
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(speech_server.url + "/v1/models", headers={"Origin": "https://example.com"})
    assert answer.status_code == 403
    with pytest.raises((InvalidStatus, WebSocketException)):
        await connect(
            speech_server.url.replace("http", "ws") + "/v1/stream/tts",
            proxy=None,
            origin="https://example.com",
        )


async def test_similar_questions_lie_close_together(speech_server: SpeechServer):
    embedder = HttpEmbedder(speech_server.url + "/v1", None, LOCAL_MODEL, LOCAL_DIMENSIONS)
    vectors = np.array(
        await embedder.embed(["How do I reset my password?", "I forgot my password.", "Where can I see my invoices?"])
    )
    await embedder.aclose()
    assert vectors.shape == (3, LOCAL_DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3


@pytest.fixture
async def openai_client(speech_server: SpeechServer):
    async with AsyncOpenAI(
        base_url=speech_server.url + "/v1",
        api_key="unused",
        max_retries=0,
        http_client=httpx.AsyncClient(trust_env=False),
    ) as client:
        yield client


async def test_openais_own_client_speaks_and_hears(openai_client: AsyncOpenAI):
    wav = await openai_client.audio.speech.create(input=SENTENCES[0], model="any", voice="alloy", response_format="wav")
    heard = await openai_client.audio.transcriptions.create(file=("call.wav", wav.content, "audio/wav"), model="any")
    assert word_errors(SENTENCES[0], heard.text) <= 1
    text = await openai_client.audio.transcriptions.create(
        file=("call.wav", wav.content, "audio/wav"), model="any", response_format="text"
    )
    assert word_errors(SENTENCES[0], str(text)) <= 1


async def test_openais_own_client_streams_24_khz_speech(openai_client: AsyncOpenAI):
    async with openai_client.audio.speech.with_streaming_response.create(
        input=ANSWER, model="any", voice="alloy", response_format="pcm"
    ) as answer:
        chunks = [chunk async for chunk in answer.iter_bytes()]
    assert len(chunks) > 1
    assert 8 < len(b"".join(chunks)) / 2 / 24_000 < 20


async def test_openais_own_client_embeds_in_both_encodings(openai_client: AsyncOpenAI):
    as_base64 = await openai_client.embeddings.create(input=SENTENCES, model="any")
    as_floats = await openai_client.embeddings.create(input=SENTENCES, model="any", encoding_format="float")
    assert len(as_base64.data) == len(SENTENCES)
    assert as_base64.data[1].embedding == pytest.approx(as_floats.data[1].embedding, abs=1e-6)
    assert {model.id async for model in openai_client.models.list()} >= {as_base64.model}


async def test_openais_own_client_is_refused_with_a_sentence(openai_client: AsyncOpenAI):
    with pytest.raises(UnprocessableEntityError, match="wav or pcm"):
        await openai_client.audio.speech.create(input="Hi.", model="any", voice="alloy", response_format="mp3")
    with pytest.raises((BadRequestError, UnprocessableEntityError), match="not a WAV"):
        await openai_client.audio.transcriptions.create(file=("a.mp3", b"ID3..."), model="any")
    with pytest.raises(UnprocessableEntityError, match="texts"):
        await openai_client.embeddings.create(input=[], model="any")


async def test_refusals_are_problem_json(speech_server: SpeechServer):
    async with httpx.AsyncClient(base_url=speech_server.url, trust_env=False) as http:
        for body in ({"input": ""}, {"input": 7}, {}):
            answer = await http.post("/v1/audio/speech", json=body)
            assert answer.status_code == 422
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"].endswith(".")


async def test_a_draft_changes_no_word_whatever_is_in_it(speech_client: SpeechClient):
    """It is what was recognised of the beginning, or nothing of the sort: the words are those of the sound."""
    for sentence in SENTENCES:
        pcm = speak(sentence)
        plain = await speech_client.transcribe(pcm, final=True)
        assert plain.tokens
        beginning = await speech_client.transcribe(pcm[: len(pcm) * 2 // 3], final=False)
        for draft in (plain.tokens, beginning.tokens, (*plain.tokens, *plain.tokens), (5, 6, 7, 8), (10**9,), (-1,)):
            drafted = await speech_client.transcribe(pcm, final=True, draft=draft)
            assert (drafted.text, drafted.tokens) == (plain.text, plain.tokens)
            assert drafted.confidence == pytest.approx(plain.confidence, abs=0.02)


async def test_a_draft_that_is_none_is_refused(speech_server: SpeechServer):
    async with connect(f"{speech_server.url.replace('http', 'ws')}/v1/stream/stt", compression=None) as socket:
        await socket.send(json.dumps({"type": "start", "segment": "1", "draft": ["how"]}))
        answer = json.loads(await socket.recv())
    assert (answer["type"], answer["code"]) == ("error", InvalidInputError.code)
    assert answer["detail"] == "The draft must be a list of token numbers."


@pytest.mark.parametrize("number", ["Eight five five seven.", "Twenty-five.", "Zero six.", "Three six nine."])
async def test_a_number_between_two_pauses_is_heard(speech_client: SpeechClient, number: str):
    """Of what is digits and no sentence the decoder half believed that it says nothing."""
    pcm = silence(0.5) + speak(number) + silence(0.5)
    assert (await speech_client.transcribe(pcm, final=True)).text
