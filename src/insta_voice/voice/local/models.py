"""The models of the speech server, loaded once and run once, so that the first caller does not wait."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from insta_voice.voice.local import moonshine as stt
from insta_voice.voice.local.moonshine import Moonshine
from insta_voice.voice.local.piper import Piper
from insta_voice.voice.local.text_vectors import TextVectors


@dataclass(frozen=True, slots=True)
class Models:
    """Each may be used from several threads at once."""

    moonshine: Moonshine
    piper: Piper
    text_vectors: TextVectors


def load_models() -> Models:
    """Blocks for two to four seconds. ConfigurationError when set-up did not bring the weights."""
    with ThreadPoolExecutor(2, thread_name_prefix="load") as side_by_side:
        moonshine = side_by_side.submit(_warm_moonshine)
        rest = side_by_side.submit(_warm_rest)
        return Models(moonshine.result(), *rest.result())


def _warm_moonshine() -> Moonshine:
    model = Moonshine()
    # Half a second of faint noise goes through encoder and decoder alike.
    model.recognize(np.random.default_rng(0).normal(0, 1e-3, stt.SAMPLE_RATE // 2).astype(np.float32))
    return model


def _warm_rest() -> tuple[Piper, TextVectors]:
    piper, text_vectors = Piper(), TextVectors()
    piper.speak("Ready when you are.")
    text_vectors.embed(["Ready when you are."])
    return piper, text_vectors
