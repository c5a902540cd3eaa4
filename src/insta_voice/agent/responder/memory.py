"""What the responder said in earlier turns, kept by the caller's message it answered."""

from collections import OrderedDict

from insta_voice.agent.responder.turn import Say

_KEPT = 512  # more turns than the longest call has; message ids are unique, so calls cannot meet in here


class Memory:
    """Decisions by message id: the chat context keeps only the words, and of an interrupted answer only some."""

    def __init__(self) -> None:
        self._said: OrderedDict[str, Say] = OrderedDict()

    def remember(self, message_id: str, said: Say) -> None:
        self._said[message_id] = said
        self._said.move_to_end(message_id)
        while len(self._said) > _KEPT:
            self._said.popitem(last=False)

    def recall(self, message_id: str) -> Say | None:
        return self._said.get(message_id)
