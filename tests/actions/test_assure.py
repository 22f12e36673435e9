"""The buttons of Assure: damage listed, values recomputed, a cell explained, functions listed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.actions.conftest import table_on
from xlinv import functions, headless
from xlinv.actions.assure import check, explain, recalculate
from xlinv.actions.assure import functions as list_functions
from xlinv.actions.running import perform
from xlinv.cells import InputError
from xlinv.functions import CATALOGUE


@pytest.fixture
def damaged(sample: Callable[[str], Path], tmp_path: Path) -> Path:
    """The sample book with its DIO typed over and one formula of a column changed, as a user might."""
    with headless.open(sample("inventory_policy")) as book:
        book.sheets["Cash"]["B6"].value = 90
        book.sheets["Policy"]["A10"].formula = "=INDEX(Items!$A:$A,ROW())"
        book.save(str(tmp_path / "damaged.xlsx"))
    return tmp_path / "damaged.xlsx"


def test_check_finds_nothing_in_the_sample_book(policy: Any) -> None:
    report = perform(policy, check, "Check")
    assert report.verdict == "ok"
    assert table_on(policy.sheets["Out_Check"], "Severity")["Message"] == ["Nothing found"]


def test_check_lists_the_damage_with_sheet_cell_and_message(damaged: Path) -> None:
    with headless.open(damaged) as book:
        report = perform(book, check, "Check")
        table = table_on(book.sheets["Out_Check"], "Severity")
    found = set(zip(table["Sheet"], table["Cell"], table["Rule"], strict=True))
    assert report.verdict == "fail"
    assert {("Cash", "B6", "constant"), ("Policy", "A10", "L12"), ("Policy", "A10", "stale")} <= found
    assert ("Cash", "B9", "stale") in found
    assert table["Severity"] == sorted(table["Severity"], key=["error", "warning", "info"].index)


def test_recalculate_lists_where_shown_and_computed_differ(damaged: Path) -> None:
    with headless.open(damaged) as book:
        report = perform(book, recalculate, "Recalculate")
        table = table_on(book.sheets["Out_Recalc"], "Computed")
    cycle = table["Cell"].index("B9")
    assert table["Computed"][cycle] - table["Shown"][cycle] == pytest.approx(table["Difference"][cycle])
    assert report.verdict == "warn"


def test_a_sound_book_has_no_difference(policy: Any) -> None:
    assert ": 0 values differ" in perform(policy, recalculate, "Recalculate").message


def answers(book: Any) -> dict[str, Any]:
    table = table_on(book.sheets["Out_Explain"], "Answer")
    return dict(zip(table["What"], table["Answer"], strict=True))


def test_a_cell_is_explained_with_its_inputs_and_variants(policy: Any) -> None:
    policy.sheets["Cash"]["B6"].select()
    perform(policy, explain, "Explain")
    told = answers(policy)
    assert told["Function"] == "DIO"
    assert told["Version"] == CATALOGUE["DIO"].version
    assert told["Source"] == CATALOGUE["DIO"].source
    inputs = table_on(policy.sheets["Out_Explain"], "Input")
    assert inputs["Input"] == ["inventory", "cogs", "days"]
    assert "Settings!B5" in inputs["Cells, or as typed"][2]
    assert inputs["Value"][2] == "365"


@pytest.mark.parametrize("cell", ["Policy!K9", "Policy!Z9"])
def test_a_cell_filled_by_a_spill_or_read_from_one_is_traced_to_its_formula(policy: Any, cell: str) -> None:
    perform(policy, explain, "Explain", cell=cell)
    told = answers(policy)
    assert told["Function"] == "SAFETYSTOCK"
    assert told["Stands in"] == "Policy!Z6"
    assert told["Shows"] == told["Computed now"]
    inputs = table_on(policy.sheets["Out_Explain"], "Input")
    given = dict(zip(inputs["Input"], inputs["Value"], strict=True))
    numbers = [float(given[name].replace(",", "")) for name in list(given)[:6]]
    variants = table_on(policy.sheets["Out_Explain"], "Variant")
    gamma = variants["Result"][variants["Variant"].index("gamma")]
    assert float(gamma) == pytest.approx(
        functions.safety_stock(*numbers, "csl", distribution="gamma"), rel=1e-6
    )


def test_ranges_are_read_whole_and_their_blanks_as_blanks(write_book: Callable[..., Path]) -> None:
    stages = [
        ["Stage", "Lead time", "Added cost", "Demand SD", "Service time", "z"],
        ["Part", 9, 10, None, None, None],
        ["Shop", 16, 5, 30, 0, 2],
    ]
    path = write_book({"tblStages": stages, "tblArcs": [["From", "To"], ["Part", "Shop"]]})
    with headless.open(path) as book:
        book.sheets["Settings"]["A1"].formula = "=NETWORKCOST(Stages!A1:F3,Arcs!$A$1:$B$2)"
        perform(book, explain, "Explain", cell="Settings!A1")
        assert answers(book)["Computed now"] == "4,500"
        inputs = table_on(book.sheets["Out_Explain"], "Input")
        assert inputs["Cells, or as typed"][:2] == ["Stages!A1:F3", "Arcs!$A$1:$B$2 = Arcs!A1:B2"]


@pytest.mark.parametrize(
    ("cell", "told"), [("Items!A5", "must hold, or come from, a function"), ("Nowhere!A1", "must be a cell")]
)
def test_what_cannot_be_explained_is_told(policy: Any, cell: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        perform(policy, explain, "Explain", cell=cell)


def test_help_lists_every_function(policy: Any) -> None:
    perform(policy, list_functions, "Help")
    assert table_on(policy.sheets["Out_Help"], "Function")["Function"] == list(CATALOGUE)


def test_an_unsaved_book_cannot_be_checked(policy: Any) -> None:
    new = policy.app.books.add()
    with pytest.raises(InputError, match="must be saved"):
        perform(new, check, "Check")
