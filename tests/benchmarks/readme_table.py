"""`python -m tests.benchmarks.readme_table CLAIMS.json`: put the claims measured into the README's table."""

import json
import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"
_TABLE = re.compile(r"(<!-- claims -->\n).*?(<!-- end of claims -->)", re.DOTALL)


def table(claims: dict[str, tuple[str, str]]) -> str:
    """The claims as a table, in the order of their names."""
    rows = [f"| {done} | {measured} | {asked} |" for done, (measured, asked) in sorted(claims.items())]
    return "\n".join(["| what | measured | asked for |", "|---|---|---|", *rows, ""])


def main(path: str) -> None:
    claims = json.loads(Path(path).read_text())
    README.write_text(_TABLE.sub(lambda found: found[1] + table(claims) + found[2], README.read_text()))


if __name__ == "__main__":
    main(sys.argv[1])
