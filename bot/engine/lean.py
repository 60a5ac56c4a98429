"""`python -m bot.engine.lean run ...` is `rasa run ...` with our patches, without TensorFlow and without the clients of
other channels and stores; so is `train`, without TensorFlow.

`rasa` itself stays as Rasa made it. DUOLOGUE_ENGINE_LEAN=0 brings all of it back, for a model that needs
it; the patches stay. Training brings TensorFlow back by itself when the recipe asks for it.
"""

import ctypes
import gc
import os
import signal
import sys
import tarfile
from pathlib import Path

from bot.engine import stubs

LEAN_VARIABLE = "DUOLOGUE_ENGINE_LEAN"
PARENT_VARIABLE = "DUOLOGUE_ENGINE_PARENT"
MODEL_FAULT = 3
"""Exit code: the model can not be served like this, and trying again would not help."""


def main(arguments: list[str]) -> int:
    die_with_parent()
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    training = arguments[:1] == ["train"]
    model = None if training else _given(arguments, "-m") or _given(arguments, "--model")
    lean = os.environ.get(LEAN_VARIABLE, "1") != "0"
    fault = _fault_of(Path(model), lean=lean) if model else None
    if fault is not None:
        sys.stderr.write(fault + "\n")
        return MODEL_FAULT
    if lean and not (training and stubs.config_needs_tensorflow(Path(_given(arguments, "--config") or "config.yml"))):
        stubs.stand_in(serving=not training, model=Path(model) if model and Path(model).is_file() else None)
    if training:
        from bot.engine import rule_names

        rule_names.keep()
    else:
        # Nothing of what is imported will be thrown away; the patches switch it on again when a model is loaded.
        gc.disable()
        from bot.engine import patches

        patches.apply()

    from rasa.__main__ import main as rasa_main

    sys.argv = ["rasa", *arguments]
    rasa_main()
    return 0


def die_with_parent() -> None:
    """A supervisor that was killed can not stop us any more; the kernel does it then (Linux)."""
    parent = os.environ.pop(PARENT_VARIABLE, "")
    if parent and sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != int(parent):  # it died before we asked
            sys.exit(1)


def _fault_of(model: Path, *, lean: bool) -> str | None:
    """Why the model can not be served lean; None when it can, or when it is a folder that Rasa will look into."""
    if not model.is_file():
        return None if model.is_dir() else f"There is no model at {model}; run `duologue train`."
    try:
        heavy = stubs.needs_tensorflow(model)
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        return f"The model {model} can not be read ({error}); delete it and run `duologue train`."
    if heavy and lean:
        return f"The model {model} needs TensorFlow ({', '.join(heavy)}); set {LEAN_VARIABLE}=0 and start again."
    return None


def _given(arguments: list[str], option: str) -> str | None:
    following = arguments.index(option) + 1 if option in arguments else len(arguments)
    return arguments[following] if following < len(arguments) else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
