"""`python -m bot.engine.lean run ...` is `rasa run ...` with our patches and without TensorFlow.

`rasa run` itself stays as Rasa made it. DUOLOGUE_ENGINE_LEAN=0 brings TensorFlow back, for a model that
needs it; the patches stay.
"""

import os
import sys
import tarfile
from pathlib import Path
from typing import List, Optional

from bot.engine import stubs

LEAN_VARIABLE = "DUOLOGUE_ENGINE_LEAN"
MODEL_FAULT = 3
"""Exit code: the model can not be served like this, and trying again would not help."""


def main(arguments: List[str]) -> int:
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


def _fault_of(model: Path) -> Optional[str]:
    """Why the model can not be served lean; None when it can, or when it is a folder that Rasa will look into."""
    if not model.is_file():
        return None if model.is_dir() else "There is no model at %s; run `duologue train`." % model
    try:
        heavy = stubs.needs_tensorflow(model)
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        return "The model %s can not be read (%s); delete it and run `duologue train`." % (model, error)
    if heavy:
        return "The model %s needs TensorFlow (%s); set %s=0 and start again." % (model, ", ".join(heavy), LEAN_VARIABLE)
    return None


def _given(arguments: List[str], option: str) -> Optional[str]:
    following = arguments.index(option) + 1 if option in arguments else len(arguments)
    return arguments[following] if following < len(arguments) else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
