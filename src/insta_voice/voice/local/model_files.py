"""Where the prepared weights lie, and what each file is.

The folder is VOICE_MODELS_DIR (`.tools/models`); a relative path is looked for under the working directory,
then beside the source checkout, so that commands work from anywhere.
"""

from dataclasses import dataclass
from pathlib import Path

from insta_voice.errors import ConfigurationError
from insta_voice.settings import get_settings

CHECKOUT = Path(__file__).resolve().parents[4]


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The files `python -m insta_voice.voice.local.weights` makes, under one folder."""

    folder: Path

    @property
    def moonshine_encoder(self) -> Path:
        """ORT format, constant-folded: 16 kHz audio to hidden states."""
        return self.folder / "moonshine-base-en" / "encoder.ort"

    @property
    def moonshine_decoder(self) -> Path:
        """ORT format, constant-folded: hidden states and one token to the next token's logits."""
        return self.folder / "moonshine-base-en" / "decoder.ort"

    @property
    def moonshine_tokens(self) -> Path:
        """Moonshine's binary token list: each token's length, then its bytes."""
        return self.folder / "moonshine-base-en" / "tokenizer.bin"

    @property
    def bge(self) -> Path:
        """ONNX, int8: word pieces to hidden states."""
        return self.folder / "bge-small-en-v1.5" / "model.onnx"

    @property
    def text_tokenizer(self) -> Path:
        """`tokenizers` JSON, for bge-small-en-v1.5 and all-MiniLM-L6-v2 alike."""
        return self.folder / "bge-small-en-v1.5" / "tokenizer.json"

    def missing(self) -> list[Path]:
        """The files that set-up has still to bring."""
        wanted = (
            self.moonshine_encoder,
            self.moonshine_decoder,
            self.moonshine_tokens,
            self.bge,
            self.text_tokenizer,
        )
        return [path for path in wanted if not path.is_file()]


def model_files(folder: Path | None = None) -> ModelFiles:
    """The weights in `folder`, or in the folder of the settings."""
    folder = folder or get_settings().voice.models_dir
    if not folder.is_absolute() and not folder.is_dir() and (CHECKOUT / folder).is_dir():
        folder = CHECKOUT / folder
    return ModelFiles(folder)


def require_model_files(folder: Path | None = None) -> ModelFiles:
    """The same, or a ConfigurationError that says how to bring what is missing."""
    files = model_files(folder)
    if files.missing():
        raise ConfigurationError(
            f"Model weights are missing in {files.folder}. Bring them with `make setup`.",
            detail=", ".join(path.name for path in files.missing()),
        )
    return files
