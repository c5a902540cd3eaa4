"""What callers say around their questions, as a recogniser writes it: lower case, fillers, stutters."""

import pytest

from insta_voice.agent.responder.intents import Intent, intents, without_opener

SAID = {
    Intent.GOODBYE: [
        "bye", "goodbye", "okay bye bye", "um bye then", "that's all thanks", "no that's it", "no, that's all. Thank you.",
        "nothing else thank you", "i'm done", "no thank you bye", "have a nice day", "see you later", "i have to go now",
        "please hang up", "you can hang up now", "end the call", "that was everything", "we're good thanks",
    ],
    Intent.HUMAN: [
        "let me talk to a person", "can i talk to a human", "I want to speak to someone.", "agent", "representative",
        "human please", "um can i speak with a real person please", "get me a human", "i'd like to talk to an agent",
        "put me through to your team", "connect me to support agent", "could i talk to somebody from your team",
        "is there anyone i can talk to", "i don't want to talk to a machine", "can you call me back",
        "i would like to speak with a manager", "let me talk to your supervisor", "can i please talk to a real human being",
        "operator", "give me a person", "i need a human", "can someone call me back", "i want to talk to someone about billing",
    ],
    Intent.TICKET: ["open a ticket", "can you create a ticket for me", "please file a support ticket", "send it to your team"],
    Intent.SLOWER: [
        "slower", "slower please", "can you speak slower", "could you speak more slowly please", "slow down",
        "please talk a bit slower", "you're talking too fast", "too fast", "say that again slowly", "not so fast",
        "can you say that again but slower",
    ],
    Intent.REPEAT: [
        "what", "what?", "sorry", "pardon", "say that again", "can you repeat that", "could you say that again please",
        "repeat", "i didn't hear that", "sorry i didn't catch that", "come again", "one more time please", "what did you say",
        "excuse me what", "i did not understand", "can you repeat the last part", "again please", "sorry what was that",
    ],
    Intent.CONTINUE: [
        "go on", "continue", "tell me more", "what else", "and then", "what's next", "keep going", "please go on",
        "and the other way", "what are the next steps", "what do i do next", "more details please", "okay and after that",
    ],
    Intent.WHY: ["why", "but why", "why is that", "how come"],
    Intent.YES: [
        "yes", "yeah", "yes please", "sure", "okay", "ok", "please do", "go ahead", "yes do that", "that would be great",
        "yeah sure go ahead", "of course", "um yes", "Yes, please.", "i would like that", "ok ok ok ok",
    ],
    Intent.NO: ["no", "nope", "no thanks", "no thank you", "not now", "never mind", "no no no", "rather not", "um no"],
    Intent.THANKS: [
        "thanks", "thank you", "thank you very much", "great thanks", "okay thanks that helped", "perfect thank you",
        "that worked", "cheers", "oh great thank you so much", "perfect", "thanks for your help",
    ],
    Intent.ACKNOWLEDGE: ["okay", "i see", "got it", "alright", "makes sense", "oh okay", "a memo"],
    Intent.GREETING: ["hi", "hello", "hey there", "good morning", "hello how are you", "Hi there!"],
    Intent.PRESENCE: ["are you there", "hello can you hear me", "anybody there", "are you still there"],
    Intent.IDENTITY: ["who are you", "are you a robot", "am i talking to a human", "is this a real person", "what's your name"],
    Intent.ABILITY: ["what can you do", "what can i ask you", "how can you help me"],
    Intent.OPENING: ["can you help me", "i have a question", "i need help", "one more question", "i've got a problem"],
    Intent.PAUSE: ["wait", "one moment please", "hold on", "give me a second", "stop", "just a minute"],
    Intent.NOT_HELPED: [
        "that didn't help", "that's not what i asked", "it still doesn't work", "that's wrong", "you're not helping",
        "no that does not work",
    ],
}  # fmt: skip

QUESTIONS = [
    "how do i reset my password", "can i talk to guests in a project", "how do i add an agent to my workspace",
    "what happens if i say no to the invitation", "how do i say thank you in the chat", "what plan am i on",
    "how do i end a meeting", "can i continue on my phone", "why can't i log in", "hello how do i invite people",
    "how do i contact support", "what is a guest", "repeat tasks every week", "how do i make a task repeat",
    "is the app slower on android", "how do i cancel", "who is the owner of the workspace", "wait times for support",
    "can i stop notifications", "more storage", "human resources template", "okay so how do i change my email",
    "can a person have two roles", "the app is too slow to use", "what is the next invoice",
]  # fmt: skip


@pytest.mark.parametrize(("intent", "heard"), [(intent, heard) for intent, many in SAID.items() for heard in many])
def test_is_understood(intent: Intent, heard: str) -> None:
    assert intent in intents(heard)


@pytest.mark.parametrize("heard", QUESTIONS)
def test_a_question_is_no_intent(heard: str) -> None:
    assert intents(heard) == frozenset()


@pytest.mark.parametrize(
    ("heard", "rest"),
    [
        ("Thanks. And how do I cancel?", "And how do I cancel?"),
        ("hi, hello, how do i cancel", "how do i cancel"),
        ("no, how do i cancel", "how do i cancel"),
        ("thanks for nothing", "thanks for nothing"),
    ],
)
def test_courtesy_in_front_of_a_question_is_taken_off(heard: str, rest: str) -> None:
    assert without_opener(heard) == rest


def test_long_utterances_cost_little() -> None:
    assert intents("no " * 4000 + "yes " * 4000 + "thanks thank you " * 4000) == frozenset()
