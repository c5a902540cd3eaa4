"""The minds of the Pipecat bot, as the library's examples build them."""

from itertools import takewhile

from bench.latency.minds.mind import INSTRUCTIONS, MODEL, Told
from bench.latency.script import answer_to
from pipecat.frames.frames import (
    Frame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.llm_service import FunctionCallParams
from pipecat.services.openai.llm import OpenAILLMService


def model(told: Told) -> FrameProcessor:
    """Who answers in a pipeline."""
    if told.mind == "responder":
        return ByHeart()
    settings = OpenAILLMService.Settings(model=MODEL, system_instruction=INSTRUCTIONS)
    return OpenAILLMService(base_url=told.url, api_key=told.api_key, settings=settings)


def context(told: Told) -> LLMContext:
    """What a conversation begins with: what its mind may call."""
    return LLMContext(tools=[search_knowledge]) if told.mind == "tool" else LLMContext()


async def search_knowledge(params: FunctionCallParams, query: str) -> None:
    """Search the help articles. To be called before any question is answered.

    Args:
        query: The customer's question.
    """
    await params.result_callback(answer_to(query))


class ByHeart(FrameProcessor):
    """Knows script.py and answers at once, so that nothing but the engine makes a caller wait."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
            return
        messages = [message for message in frame.context.get_messages() if isinstance(message, dict)]
        since_it_spoke = takewhile(lambda message: message["role"] != "assistant", reversed(messages))
        asked = [str(message["content"]) for message in since_it_spoke if message["role"] == "user"]
        await self.push_frame(LLMFullResponseStartFrame())
        await self.push_frame(LLMTextFrame(answer_to(" ".join(reversed(asked)))))
        await self.push_frame(LLMFullResponseEndFrame())
