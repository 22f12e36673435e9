"""statsforecast (Nixtla) on the histories of the comparisons, run by an interpreter that has it.

It pins an older pandas, so it lives in an environment of its own; this file runs there as a script, reads
histories from a JSON file and prints JSON. XLINV_STATSFORECAST_PYTHON names that environment's python.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np


def measured(what: str, histories: list[list[float]], horizon: int, season: int) -> dict[str, Any]:
    """What statsforecast says of the histories; the test is skipped where there is no statsforecast."""
    import pytest

    python = os.environ.get("XLINV_STATSFORECAST_PYTHON")
    if not python:
        pytest.skip("set XLINV_STATSFORECAST_PYTHON to the python of an environment with statsforecast")
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "histories.json"
        given.write_text(json.dumps([histories, horizon, season]))
        ran = subprocess.run(
            [python, __file__, what, str(given)], capture_output=True, text=True, timeout=1800, check=True
        )
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def methods(histories: list[Any], horizon: int, season: int) -> dict[str, Any]:
    """Forecasts of every history by every method; the mean where the method refuses a history."""
    from statsforecast import models

    peers = {
        "SES, optimised": models.SimpleExponentialSmoothingOptimized(),
        "SES 0.1": models.SimpleExponentialSmoothing(0.1),
        "SES 0.3": models.SimpleExponentialSmoothing(0.3),
        "Holt-Winters, additive": models.HoltWinters(season, "A"),
        "Holt-Winters, multiplicative": models.HoltWinters(season, "M"),
        "Theta": models.Theta(season),
        "Croston-SBA": models.CrostonSBA(),
        "TSB 0.1": models.TSB(0.1, 0.1),
        "TSB 0.2": models.TSB(0.2, 0.2),
        "TSB 0.3, 0.1": models.TSB(0.3, 0.1),
    }
    told: dict[str, Any] = {}
    for name, model in peers.items():
        told[name] = []
        for history in histories:
            try:
                forecast = model.forecast(history, horizon)["mean"]
            except Exception:
                forecast = np.full(horizon, history.mean())
            told[name].append(np.maximum(forecast, 0).tolist())
    return told


def auto_ets(histories: list[Any], horizon: int, season: int) -> dict[str, float]:
    from statsforecast.models import AutoETS

    model = AutoETS(season_length=season)
    model.forecast(histories[0], horizon)
    started = time.perf_counter()
    for history in histories:
        model.forecast(history, horizon)
    return {"seconds per item": (time.perf_counter() - started) / len(histories)}


if __name__ == "__main__":
    import warnings

    warnings.filterwarnings("ignore")
    rows, steps, periods = json.loads(Path(sys.argv[2]).read_text())
    work = {"methods": methods, "auto_ets": auto_ets}[sys.argv[1]]
    print(json.dumps(work([np.array(row) for row in rows], steps, periods)))
