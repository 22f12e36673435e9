import numpy as np
import pytest

from xlinv.cells import InputError
from xlinv.network import Network
from xlinv.network.disruption import DemandShift, LongerLeadTime, StageDown, disrupt

LEVELS = {"plant": 30.0, "store": 20.0}


@pytest.fixture
def network():
    """Certain demand of 10, so that what happens can be worked out by hand."""
    return Network.from_tables(
        [
            {"name": "plant", "lead_time": 3.0, "added_cost": 4.0},
            {"name": "store", "lead_time": 2.0, "added_cost": 1.0, "demand_mean": 10.0, "demand_sd": 0.0,
             "service_time": 0.0, "service_level": 0.95},
        ],
        [{"source": "plant", "destination": "store"}],
    )  # fmt: skip


def test_nothing_missed_while_stock_lasts(network):
    stocked = LEVELS | {"store": 50.0}
    recovery = disrupt(network, stocked, [StageDown("plant", 5, 3)], replications=2)
    assert recovery.summary()["units_short"] == 0
    assert recovery.summary()["time_to_recover"] == 0
    assert recovery.recovered.all()


def test_a_stage_that_is_down(network):
    # The store sells what left the plant before: nothing starts in periods 5, 6 and 7, so that the customers
    # of periods 10 to 12 wait, 3 periods and 2 after that; all that was missed starts together in period 8.
    recovery = disrupt(network, LEVELS, [StageDown("plant", 5, 3)], replications=2)
    assert recovery.backorders[8:15].tolist() == [0, 0, 10, 20, 30, 0, 0]
    assert recovery.time_to_recover.tolist() == [8, 8]
    assert recovery.units_short.tolist() == [30, 30]
    # The plant saves 4 a unit in periods 5 to 7, the store 1 in 8 to 10; customers of 10 to 12 pay 5 later,
    # when both have spent again, the plant in period 8, the store in period 11.
    saved = np.zeros(20)
    for period, amount in [(5, 40), (6, 40), (7, 40), (8, -120), (8, 10), (9, 10), (10, 10), (11, -30)]:
        saved[period] += amount
    for period, amount in [(10, -50), (11, -50), (12, -50), (13, 150)]:
        saved[period] += amount
    assert recovery.cash[:20] == pytest.approx(np.cumsum(saved))
    assert recovery.cash_at_trough.tolist() == pytest.approx([np.cumsum(saved).min()] * 2)


def test_longer_lead_time(network):
    recovery = disrupt(network, LEVELS, [LongerLeadTime("store", 2, 5, 1)], replications=2)
    assert recovery.backorders[5:12].tolist() == [0, 0, 10, 10, 0, 0, 0]
    assert recovery.units_short.tolist() == [20, 20]


def test_demand_shift(network):
    recovery = disrupt(network, LEVELS, [DemandShift(2.0, 5, 1)], replications=2)
    # Ten units more in period 5: without safety stock they are made first, 3 periods and 2 after that.
    assert recovery.backorders[4:12].tolist() == [0, 10, 10, 10, 10, 10, 0, 0]
    assert recovery.units_short.tolist() == [50, 50]
    longer = disrupt(network, LEVELS, [DemandShift(2.0, 5, 4, "store")], replications=2)
    assert longer.summary()["units_short"] > 0
    assert longer.recovered.all()


def test_common_demand_leaves_no_trace_before_and_after():
    network = Network.from_tables(
        [{"name": "store", "lead_time": 2.0, "added_cost": 1.0, "demand_mean": 10.0, "demand_sd": 4.0,
          "service_time": 0.0, "service_level": 0.95}]
    )  # fmt: skip
    recovery = disrupt(network, [28.0], [StageDown("store", 20, 5)], periods=80)
    same = recovery.backorders == pytest.approx(recovery.undisturbed_backorders)
    assert not same
    assert recovery.backorders[:20] == pytest.approx(recovery.undisturbed_backorders[:20])
    assert recovery.backorders[40:] == pytest.approx(recovery.undisturbed_backorders[40:])
    assert len(recovery.periods) == 80


@pytest.mark.parametrize(
    ("disruption", "message"),
    [
        (StageDown("shop", 1, 1), "'stage' must be a stage of the network: 'shop' (StageDown)"),
        (StageDown("plant", -1, 1), "'start' must be a whole number >= 0: -1 (StageDown)"),
        (DemandShift(-1.0, 1, 1), "'factor' must be >= 0 and finite: -1.0 (DemandShift)"),
        (DemandShift(2.0, 1, 1, "plant"), "'stage' must have demand of its own: 'plant' (DemandShift)"),
        (LongerLeadTime("plant", 2, 1, 0), "'duration' must be a whole number >= 1: 0 (LongerLeadTime)"),
    ],
)
def test_refuses_what_cannot_happen(network, disruption, message):
    with pytest.raises(InputError) as error:
        disrupt(network, LEVELS, [disruption])
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("disruptions", "told"),
    [
        ([], "'disruptions' must be a list of StageDown, DemandShift and LongerLeadTime, at least one: []"),
        (StageDown("plant", 1, 1), "'disruptions' must be a list of StageDown, DemandShift and Longer"),
        (
            ["plant"],
            "'disruptions' must be a list of StageDown, DemandShift and LongerLeadTime, at least one",
        ),
        ([DemandShift("twice", 1, 1)], "'factor' must be >= 0 and finite: 'twice' (DemandShift)"),
        ([StageDown("plant", 1.5, 1)], "'start' must be a whole number >= 0: 1.5 (StageDown)"),
    ],
)
def test_what_is_no_disruption_is_refused(network, disruptions, told):
    with pytest.raises(InputError) as raised:
        disrupt(network, LEVELS, disruptions)
    assert told in str(raised.value)


def test_numbers_of_numpy_are_numbers(network):
    down = StageDown("plant", np.int64(5), np.int64(3))
    assert disrupt(network, LEVELS, [down], replications=2).units_short.tolist() == [30, 30]


@pytest.mark.parametrize("periods", ["many", 40.5, 8])
def test_periods_that_do_not_reach_beyond_the_end_are_refused(network, periods):
    with pytest.raises(InputError, match="'periods' must be a whole number >= 9"):
        disrupt(network, LEVELS, [StageDown("plant", 5, 3)], periods=periods)
