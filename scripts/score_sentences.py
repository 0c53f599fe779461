"""Prints how well sentences are read, for the set used for tuning and for another set.

``--wrong`` lists the fields of the tuning set that are read incorrectly. Those of the other set are
never shown, so that nobody can use it for tuning.
"""

from __future__ import annotations

import sys

from tests.sentence.scoring import score, sentences

from sgtrack.targets.loading import load_folder
from sgtrack.workspace import packaged


def main() -> None:
    """Print a table with the figures of both sets."""
    project = next(p for p in load_folder(packaged("targets")).projects if p.slug == "xianheguan")
    print("set         sentences  fields  right   precision  recall  wrong amounts")
    for name, file in (("tuned", "sentences.yaml"), ("held out", "sentences-held-out.yaml")):
        cases = sentences(file)
        found = score(project, cases)
        print(
            f"{name:<11} {len(cases):>9}  {len(found.fields):>6}  {found.share:>5.1%}  "
            f"{found.precision:>9.1%}  {found.recall:>6.1%}  {len(found.wrong_amounts):>13}"
        )
        for part in ("date", "item", "place"):
            of = [field for field in found.fields if field.name == part]
            print(f"    {part:<7} {sum(field.right for field in of) / len(of):>6.1%}")
        of = [field for field in found.fields if field.name not in ("date", "item", "place")]
        print(f"    amounts {sum(field.right for field in of) / len(of):>6.1%}")
        if name == "tuned" and "--wrong" in sys.argv:
            for field in found.fields:
                if not field.right:
                    print(f"    {field.name}: said {field.said}, read {field.read}")
                    print(f"      {field.text}")


if __name__ == "__main__":
    main()
