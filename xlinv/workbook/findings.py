"""What a check of a workbook finds: one thing, where, how grave, and what to do."""

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning", "info"]
ORDER: Final[tuple[Severity, ...]] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `rule` is L07 … L20 for a lint rule, else the kind of finding."""

    rule: str
    severity: Severity
    sheet: str
    cell: str
    message: str


def verdict(findings: list[Finding]) -> Literal["ok", "warn", "fail"]:
    """Whether a workbook may be passed on: fail with an error, warn with a warning."""
    severities = {finding.severity for finding in findings}
    return "fail" if "error" in severities else "warn" if "warning" in severities else "ok"
