"""Tables of documentation that are generated from the code."""

from __future__ import annotations

from firstwire.metrics import DECLARED


def metrics_table() -> str:
    """The table of docs/operations.md: `python -m tests.support.documents` prints it."""
    rows = ["| metric | kind | labels | means |", "|---|---|---|---|"]
    for declared in DECLARED:
        labels = ", ".join(f"`{label}`" for label in declared.labels)
        meaning = declared.meaning[0].lower() + declared.meaning[1:].removesuffix(".")
        rows.append(f"| `{declared.name}` | {declared.kind} | {labels} | {meaning} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(metrics_table(), end="")
