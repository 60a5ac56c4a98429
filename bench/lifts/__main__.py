"""Lift against a bootstrap on a real experiment, and on simulated ones: `python -m lifts` in bench/.

`--quick`: 200 simulated experiments instead of 1,000.
"""

import argparse
import json

from lifts import hillstrom, simulated


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    for name, value, unit, against in (*hillstrom.figures(), *simulated.figures(200 if given.quick else 1_000)):
        ratio = round(value / against, 4) if against else None
        if given.json:
            row = {"name": f"insights.{name}", "value": value, "unit": unit, "against": against, "ratio": ratio}
            print(json.dumps(row))
        else:
            print(f"{name:32}{value:10.4f} {unit:14} against {against:8.4f}   ratio {ratio}")


if __name__ == "__main__":
    main()
