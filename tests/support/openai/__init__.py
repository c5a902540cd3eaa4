"""OpenAI on 127.0.0.1, by script, in the test's own event loop: what the real plugins (`openai.LLM`, `TTS`, `STT`,
`realtime.RealtimeModel`) and our embeddings client talk to in tests. `serving_openai("It is sunny.")` is a server whose
model says that next; `server.fail("chat", Cut(after=2))` is what goes wrong, `server.prompts` what the model had before
its first word, `server.requests` and `server.sessions` all that came. Whatever it sends is held against the `openai`
package's own types first. What the plugins make of each fault is in docs/openai-faults.md. It plays one key and PCM at
24 kHz; it has no wit, no video, no WebRTC and no threads: `tests.support.vendors.OpenAI` answers `doctor`, whose client
blocks. `diligent` is a mind for conversations that no test has written down, such as `make demo`'s."""

from tests.support.openai.diligent import diligent
from tests.support.openai.faults import Cut, Expired, HalfCall, Late, Malformed, Overlap, Stall
from tests.support.openai.pace import Pace
from tests.support.openai.refusals import BROKEN, NO_QUOTA, UNAUTHORIZED, Failed, rate_limited
from tests.support.openai.routes import serving_openai
from tests.support.openai.script import call, reply, to
from tests.support.openai.server import ScriptedOpenAI
from tests.support.openai.sound import brisk, tone

__all__ = [
    "BROKEN",
    "NO_QUOTA",
    "UNAUTHORIZED",
    "Cut",
    "Expired",
    "Failed",
    "HalfCall",
    "Late",
    "Malformed",
    "Overlap",
    "Pace",
    "ScriptedOpenAI",
    "Stall",
    "brisk",
    "call",
    "diligent",
    "rate_limited",
    "reply",
    "serving_openai",
    "to",
    "tone",
]
