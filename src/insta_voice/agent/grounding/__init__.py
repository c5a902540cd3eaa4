"""Whether a language model's answer says what its turn's material says, and what is done with the rest of it.

The grounded responder needs none of this: it speaks the articles' own sentences. What is found as material is in
`agent.evidence` and `knowledge`.
"""

from insta_voice.agent.grounding.afterwards import Afterwards
from insta_voice.agent.grounding.checked import Checked
from insta_voice.agent.grounding.claims import Material, unsupported
from insta_voice.agent.grounding.material import material_of

__all__ = ["Afterwards", "Checked", "Material", "material_of", "unsupported"]
