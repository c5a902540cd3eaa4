"""One call, one `AgentSession`: the call's set-up, the assistant and its tools, and the ways a call ends; in rooms of
their own the program that takes calls (`worker`), when a turn is over (`turns`), the mind without a language model
(`responder`), everything the app itself says (`speech`, `prompts`) and the record of what was said (`record`).

What hears, speaks and thinks comes from `voice` and from `agent.responder`; what is looked up or written belongs to
`knowledge`, `customers` and `calls`. No SQL, no HTTP and no model weights here.
"""
