"""Tables are found by their headings, also where nobody made Excel tables of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from tests.actions.test_optimise import ARCS, STAGES, plan
from xlinv import headless
from xlinv.actions import optimise
from xlinv.actions.running import perform
from xlinv.actions.segment import abc_xyz
from xlinv.hosts.cli import main

Place = tuple[str, int, int]


def written(path: Path, *blocks: tuple[Place, Sequence[Sequence[Any]]]) -> Path:
    """A book of plain cells: each block on a sheet, from a row and column on."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    for (name, top, left), rows in blocks:
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for i, row in enumerate(rows, start=top):
            for j, value in enumerate(row, start=left):
                cell = sheet.cell(i, j, value)
                if isinstance(value, str):
                    cell.data_type = "s"
    book.save(path)
    return path


def run(path: Path) -> Result:
    return CliRunner().invoke(main, ["optimise", str(path), "-o", str(path.with_name("out.xlsx"))])


@pytest.mark.parametrize(
    ("stages", "arcs"),
    [
        (("Stages", 1, 1), ("Arcs", 1, 1)),
        (("Stages", 4, 3), ("Arcs", 2, 2)),
        (("Both", 1, 1), ("Both", 1, 10)),
        (("Both", 3, 2), ("Both", 1, 12)),
        (("Both", 1, 4), ("Both", 1, 1)),
        (("Both", 1, 1), ("Both", 8, 1)),
        (("Both", 6, 1), ("Both", 1, 1)),
        (("Both", 1, 1), ("Both", 6, 1)),
        (("Both", 5, 1), ("Both", 1, 3)),
    ],
)
@pytest.mark.parametrize("with_title", [False, True])
def test_plain_ranges_are_found(tmp_path: Path, stages: Place, arcs: Place, with_title: bool) -> None:
    title = [((stages[0], 1, stages[2]), [["Network of the company"]])] if with_title else []
    blocks = [((place[0], place[1] + with_title, place[2]), rows) for place, rows in
              ((stages, STAGES), (arcs, ARCS))]  # fmt: skip
    path = written(tmp_path / "plain.xlsx", *title, *blocks)
    with headless.open(path) as book:
        report = perform(book, optimise.network, "Optimise")
    assert report.cost == pytest.approx(plan().cost, rel=1e-12)
    assert run(path).exit_code == 0


def test_a_plain_range_beside_other_cells_is_found(tmp_path: Path) -> None:
    notes = [["Who", "What"], ["Ann", "asked for this"], ["Bob", 12]]
    path = written(
        tmp_path / "plain.xlsx",
        (("Notes", 1, 1), notes),
        (("Plan", 1, 1), notes),
        (("Plan", 6, 1), STAGES),
        (("Plan", 1, 4), ARCS),
    )
    assert "proved optimal" in run(path).output


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    stages = [[cell for j, cell in enumerate(row) if j != 2] for row in STAGES]
    arcs = [["From", "Too"], *ARCS[1:]]
    shown = run(written(tmp_path / "plain.xlsx", (("S", 1, 1), stages), (("A", 1, 1), arcs)))
    assert shown.exit_code == 2
    assert shown.output.count("'added_cost' must be a column") == 1
    assert "'destination' must be a column" in shown.output
    assert "(did you mean it by 'Too'?): blank (A!A1:B4)" in shown.output


def test_a_heading_that_looks_misspelt_is_told_and_one_of_the_book_is_not(tmp_path: Path) -> None:
    stages = [[*row, None, None] for row in STAGES]
    stages[0][-2:] = ["Min stok", "Colour"]
    shown = run(written(tmp_path / "plain.xlsx", (("S", 1, 1), stages), (("A", 1, 1), ARCS)))
    assert shown.output.endswith(
        "Columns not understood, and left out: Min stok (did you mean min stock?).\n"
    )


def test_every_problem_is_told_by_its_cell(tmp_path: Path) -> None:
    stages = [[-5 if cell == 50 else cell for cell in row] for row in STAGES]
    arcs = [*ARCS, ["DC", "Shop"]]
    path = written(tmp_path / "plain.xlsx", (("S", 3, 2), stages), (("A", 2, 4), arcs))
    assert run(path).output.splitlines() == [
        "Error: 2 things are wrong:",
        "  'added_cost' must be >= 0: -5.0 (S!D4)",
        "  'destination' must be a stage of the table Stages: 'Shop' (A!E6)",
    ]


def test_plain_ranges_are_validated_where_there_are_no_tables(tmp_path: Path) -> None:
    stages = [[-5 if cell == 50 else cell for cell in row] for row in STAGES]
    path = written(tmp_path / "plain.xlsx", (("S", 3, 2), stages), (("A", 2, 4), ARCS))
    shown = CliRunner().invoke(main, ["validate", str(path)])
    assert shown.exit_code == 2
    assert "1 errors and 0 warnings in 2 tables" in shown.output
    assert "S  D4" in shown.output


@pytest.mark.parametrize(
    ("out", "told"), [("out.csv", "must end in .xlsx or .xlsm"), ("no/out.xlsx", "must lie in a folder")]
)
def test_a_file_that_no_book_can_be_written_to_is_told_at_once(tmp_path: Path, out: str, told: str) -> None:
    path = written(tmp_path / "plain.xlsx", (("S", 1, 1), STAGES), (("A", 1, 1), ARCS))
    shown = CliRunner().invoke(main, ["optimise", str(path), "-o", str(tmp_path / out)])
    assert shown.exit_code == 2
    assert told in shown.output
    assert not (tmp_path / out).exists()


def test_tables_without_a_gap_are_told_apart_or_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "plain.xlsx", (("Both", 1, 1), STAGES), (("Both", 1, 9), ARCS))
    shown = run(path)
    assert shown.exit_code == 2
    assert "must be parted from the table of arcs by a blank column: 'Both!A1:J5'" in shown.output


def test_what_is_not_there_or_there_twice_is_said(tmp_path: Path) -> None:
    shown = run(written(tmp_path / "one.xlsx", (("S", 1, 1), STAGES)))
    assert "must be in a table of arcs (from, to); no table or range of the book has these" in shown.output
    path = written(
        tmp_path / "two.xlsx", (("Notes", 1, 1), [["x"]]), (("S", 1, 1), STAGES), (("T", 1, 1), STAGES)
    )
    shown = run(path)
    assert "several have them: S!A1:H5, T!A1:H5" in shown.output


def test_items_and_history_may_be_plain_ranges(tmp_path: Path) -> None:
    items = [["Item", "Unit cost", "On hand", "Lead time [days]"], ["A", 10, 50, 5], ["B", 4, 20, 5]]
    history = [["Item", "P1", "P2", "P3"], ["A", 10, 12, 11], ["B", 3, 9, 1]]
    path = written(tmp_path / "plain.xlsx", (("Items", 1, 1), items), (("History", 2, 2), history))
    with headless.open(path) as book:
        report = perform(book, abc_xyz, "ABC-XYZ")
    assert [source.place for source in report.sources] == ["Items!A1:D3", "History!B2:E4"]
