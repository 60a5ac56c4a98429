"""The likeness in words: what was found, what it is worth beside past spend, and what to be wary of."""

from typing import Any

NAMES = {"logistic": "A plain model (logistic, with a ridge)", "boosted": "Boosted trees"}
MODELS = {"logistic": "Plain model", "boosted": "Boosted trees"}
DEFINITIONS = {
    "lift at 10 %": "How many times as many of the segment the tenth ranked first had as a tenth by chance, in the "
    "days on which it was tried. ± is the standard error over five folds, each ranked by what the others taught.",
    "AUC": "The chance that one of the segment was ranked above one of the others; 50 % is a coin.",
    "past spend alone": "The same people ranked by what they had paid until then: what costs nothing to do.",
    "most alike": "Who is not of the segment by now, by all that is known of them today. It foretells, and says "
    "nothing of why.",
    "who is left out": "Robots, staff, who looked at one page only, and who does not agree, or agrees no longer, to "
    "be measured.",
}
CLEAR = 1.96


def finding(told: dict[str, Any]) -> str:
    seed = told["seed"]
    if told["moment"] is None:
        return "Too few days are known to try what would have been foretold: it takes four weeks."
    if told["model"] is None:
        return (
            f"Too few to judge who is like the {seed}: {told['seeds']:,} of {told['people']:,} people became such "
            f"in the {told['days']} days after {told['moment'][:10]}. It takes 50, beside 200 others."
            f"{' Ask for buyers: of them there are enough.' if told['buyers_suffice'] else ''}"
        )
    best = told["ranked"][told["model"]]
    if not told["lifts"]:
        return (
            f"Nothing that is known tells who becomes one of the {seed}: the tenth ranked first had {best['lift']:.1f} "
            "times as many as a tenth by chance, which chance itself may make."
        )
    return (
        f"The tenth most like the {seed} had {best['lift']:.1f} times as many of them as a tenth by chance, "
        f"in the {told['days']} days on which it was tried."
    )


def notes(told: dict[str, Any]) -> list[str]:
    if told["model"] is None:
        return []
    best, plain = told["ranked"][told["model"]], told["by_spend"]
    lines = [
        f"{NAMES[told['model']]} learned from what was known of {told['people']:,} people on {told['moment'][:10]}; "
        f"of {told['seeds']:,} it was then seen that they became such. AUC {_about(best, 'auc')}, lift at 10 % "
        f"{_about(best, 'lift')}, each of people it had not learned from (five folds)."
    ]
    if plain is not None:
        lines.append(
            f"To rank by past spend alone: AUC {_about(plain, 'auc')}, lift {_about(plain, 'lift')}. "
            f"{_beside(told['against_spend'])}"
        )
    lines += [
        f"Look twice at {one['words']}: {one['why']}. It may be a trace of what is foretold."
        for one in told["suspects"]
    ]
    if told["lifts"]:
        lines.append(
            f"Of {told['scored']:,} others, the {told['first_tenth']:,} most alike are told; "
            f"{told['never_talked']:,} of these never talked with us."
        )
    return lines


def against_spend(told: dict[str, Any]) -> str:
    """Whether the model is any better than ranking by past spend; empty where there is nothing to compare."""
    return "" if told["against_spend"] is None else _beside(told["against_spend"])


def _about(one: dict[str, float], name: str) -> str:
    digits = 3 if name == "auc" else 2
    return f"{one[name]:.{digits}f} ± {one[name + '_error']:.{digits}f}"


def _beside(errors: float) -> str:
    if errors > CLEAR:
        return f"The model is better, by {errors:.1f} standard errors."
    if errors < -CLEAR:
        return f"Past spend is better, by {-errors:.1f} standard errors: use that."
    return f"The model is {abs(errors):.1f} standard errors {'above' if errors >= 0 else 'below'}: no clear difference."
