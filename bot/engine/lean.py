"""`python -m bot.engine.lean run ...` is `rasa run ...` with our patches and without TensorFlow.

`rasa run` itself stays as Rasa made it. DUOLOGUE_ENGINE_LEAN=0 brings TensorFlow back, for a model that
needs it; the patches stay.
"""

import os
import sys
import tarfile
from pathlib import Path

from bot.engine import stubs

LEAN_VARIABLE = "DUOLOGUE_ENGINE_LEAN"
MODEL_FAULT = 3
"""Exit code: the model can not be served like this, and trying again would not help."""


def main(arguments: list[str]) -> int:
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    model = _given(arguments, "-m") or _given(arguments, "--model")
    if os.environ.get(LEAN_VARIABLE, "1") != "0":
        fault = _fault_of(Path(model)) if model else None
        if fault is not None:
            sys.stderr.write(fault + "\n")
            return MODEL_FAULT
        stubs.stand_in()

    from bot.engine import patches

    patches.apply()

    from rasa.__main__ import main as rasa_main

    sys.argv = ["rasa", *arguments]
    rasa_main()
    return 0


def _fault_of(model: Path) -> str | None:
    """Why the model can not be served lean; None when it can, or when it is a folder that Rasa will look into."""
    if not model.is_file():
        return None if model.is_dir() else f"There is no model at {model}; run `duologue train`."
    try:
        heavy = stubs.needs_tensorflow(model)
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        return f"The model {model} can not be read ({error}); delete it and run `duologue train`."
    if heavy:
        return f"The model {model} needs TensorFlow ({', '.join(heavy)}); set {LEAN_VARIABLE}=0 and start again."
    return None


def _given(arguments: list[str], option: str) -> str | None:
    following = arguments.index(option) + 1 if option in arguments else len(arguments)
    return arguments[following] if following < len(arguments) else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
