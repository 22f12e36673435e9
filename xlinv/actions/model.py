"""Model: whether the tables of a book can be planned with."""

from typing import Any

from xlinv.actions.columns import kind_of
from xlinv.actions.data_rules import Issue, Known, issues_of, network_tables, told_value
from xlinv.actions.network_tables import located, network_of
from xlinv.actions.plain_ranges import plain_sources
from xlinv.actions.report import Column, OutSheet, Report, Table
from xlinv.actions.running import Run
from xlinv.actions.source import Source, plain_heading, read_range
from xlinv.cells import Cell, InputError, shown
from xlinv.network.model import NetworkError

_ORDER = ("error", "warning", "info")


def validate(run: Run) -> Report:
    """List everything in the tables of the book that planning would stumble over."""
    tables, issues = _read(run.book)
    issues += issues_of(tables)
    told = {(issue.place, issue.severity) for issue in issues}
    issues += [issue for issue in _network_issues(tables) if (issue.place, issue.severity) not in told]
    issues.sort(key=lambda issue: _ORDER.index(issue.severity))
    sources = tuple(table.source for table in tables)
    if not sources and not issues:
        raise InputError(
            "book", "must hold at least one table (Insert, Table) or range with known headings", run.book.name
        )
    errors = sum(issue.severity == "error" for issue in issues)
    warnings = sum(issue.severity == "warning" for issue in issues)
    message = f"{errors} errors and {warnings} warnings in {len(sources)} tables."
    if not issues:
        message = f"No issues in {len(sources)} tables."
    sheet = OutSheet(
        "Out_DataIssues", "Data issues", (_issues_table(issues), _tables_read(tables)), (message,)
    )
    return Report(message, (sheet,), sources, verdict="fail" if errors else "warn" if warnings else "ok")


def _read(book: Any) -> tuple[list[Known], list[Issue]]:
    """Every table of the book, or else its plain ranges; one that cannot be read is an issue."""
    tables, issues = [], []
    for sheet in book.sheets:
        if sheet.name.startswith("Out_"):
            continue
        for table in sheet.tables:
            if table.data_body_range is None:
                continue
            try:
                source = read_range(table.range, table.name)
            except InputError as error:
                place = f"{sheet.name}!{table.range.get_address(False, False)}"
                value = error.value if isinstance(error.value, str) else None
                issues.append(
                    Issue("error", place, table.name, "", f"Table {error.rule}", value, "Correct it")
                )
            else:
                tables.append(Known(source, kind_of(source)))
    if not tables and not issues:
        tables = [
            Known(source, kind_of(source)) for source in plain_sources(book.sheets, _is_known, _is_known)
        ]
    return tables, issues


def _is_known(source: Source) -> bool:
    return kind_of(source) is not None


def _network_issues(tables: list[Known]) -> list[Issue]:
    """What is wrong with the network as a whole: unknown stages, cycles, stages that supply nobody."""
    found = network_tables(tables)
    if found is None:
        return []
    try:
        network_of(*found)
    except NetworkError as error:
        return [_network_issue(problem, *found) for problem in error.problems]
    return []


def _network_issue(problem: InputError, stages: Source, arcs: Source) -> Issue:
    """A problem of the network with the cell where it stands."""
    source, column, place = located(problem, stages, arcs)
    value = problem.value if isinstance(problem.value, str | float | int) else shown(problem.value)
    text, heading = f"{problem.name} {problem.rule}", plain_heading(source.headings[column])
    return Issue("error", place, source.name, heading, text, value, "Correct the network")


def _issues_table(issues: list[Issue]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            issue.severity,
            issue.place.partition("!")[0],
            issue.place.partition("!")[2],
            issue.table,
            issue.column,
            issue.text,
            told_value(issue.value),
            issue.advice,
        )
        for issue in issues
    ] or [("none", *[None] * 4, "No issue found", None, None)]
    headings = ("Severity", "Sheet", "Cell", "Table", "Column", "Issue", "Value", "What to do")
    columns = tuple(
        Column(heading, [row[number] for row in rows], wrap=heading in ("Issue", "What to do"))
        for number, heading in enumerate(headings)
    )
    return Table("Issues", columns)


def _tables_read(tables: list[Known]) -> Table:
    return Table(
        "Tables read",
        (
            Column("Table", [table.source.name for table in tables]),
            Column("Sheet", [table.source.sheet for table in tables]),
            Column("Cells", [table.source.address for table in tables]),
            Column("Rows", [len(table.source.rows) for table in tables], "units"),
            Column("Hidden rows", [table.source.hidden_rows for table in tables], "units"),
            Column("Read as", [_told_kind(table) for table in tables], width=40.0),
        ),
    )


def _told_kind(table: Known) -> str:
    return "a table of another kind" if table.kind is None else table.kind.what.partition(" (")[0]
