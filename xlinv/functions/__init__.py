"""The functions of the catalogue, by family; CATALOGUE is the explicit list of them all."""

from collections.abc import Mapping
from typing import Final

from xlinv.catalogue import Function, catalogue_of
from xlinv.functions import (
    about,
    accuracy,
    buffers,
    demand,
    dynamic_lots,
    forecasting,
    inventory_quality,
    inventory_return,
    network,
    order_quantities,
    policy_matrices,
    portfolio,
    projection,
    safety_stocks,
    scorecard,
    segmentation,
    service,
    service_achieved,
    simulation,
    single_period,
    supply_terms,
    working_capital,
)

CATALOGUE: Final[Mapping[str, Function]] = catalogue_of(
    [
        # Safety stock and service
        safety_stocks.safety_stock,
        safety_stocks.reorder_point,
        safety_stocks.order_up_to,
        safety_stocks.lead_time_sd,
        service.safety_factor,
        service.unit_loss,
        service.expected_short,
        service.expected_left,
        service.expected_fill,
        service.csl_to_fill,
        service.fill_to_csl,
        buffers.average_max,
        service.critical_ratio,
        service.econ_service,
        safety_stocks.service_curve,
        portfolio.invest_curve,
        portfolio.service_mix,
        buffers.safety_stock_tp,
        buffers.reorder_point_tp,
        buffers.ss_drivers,
        buffers.recal_trigger,
        buffers.spares,
        buffers.time_to_survive,
        buffers.resilience_buffer,
        # Lot sizing
        order_quantities.eoq,
        order_quantities.eoq_cost,
        order_quantities.epq,
        order_quantities.eoq_discount,
        dynamic_lots.wagner_whitin,
        dynamic_lots.silver_meal,
        dynamic_lots.part_period,
        dynamic_lots.lot_for_lot,
        dynamic_lots.lot_cost,
        # Policies
        single_period.newsvendor,
        single_period.newsvendor_cost,
        single_period.newsvendor_pmf,
        single_period.base_stock,
        single_period.base_stock_disruption,
        simulation.sim_policy,
        # Demand and forecasting
        demand.demand_pattern,
        demand.demand_interval,
        demand.demand_cv,
        accuracy.forecast_sigma,
        accuracy.wmape,
        accuracy.forecast_bias,
        accuracy.mape,
        accuracy.smape,
        accuracy.tracking_signal,
        accuracy.mase,
        accuracy.forecast_va,
        forecasting.forecast_series,
        forecasting.season_index,
        forecasting.promo_lift,
        forecasting.demand_sense,
        demand.clean_history,
        demand.lead_time_stats,
        demand.bullwhip,
        # Segmentation
        segmentation.abc_class,
        segmentation.xyz_class,
        segmentation.abc_xyz,
        segmentation.pareto,
        segmentation.pareto_cut,
        segmentation.seg_cash,
        policy_matrices.margin_service,
        policy_matrices.risk_exposure,
        policy_matrices.kraljic,
        policy_matrices.archetype,
        policy_matrices.driver_segment,
        # Finance and inventory quality
        working_capital.dio,
        working_capital.dio_forward,
        working_capital.dpo,
        working_capital.dso,
        working_capital.dso_count_back,
        working_capital.cash_cycle,
        working_capital.cash_release,
        working_capital.cash_effect,
        scorecard.benchmark_quartile,
        inventory_return.gmroii,
        inventory_return.gmroii_turn,
        inventory_return.turns,
        inventory_return.carry_rate,
        inventory_return.carry_cost,
        inventory_return.net_margin,
        inventory_return.total_inventory_cost,
        inventory_quality.days_of_supply,
        inventory_quality.periods_of_supply,
        inventory_quality.slob_class,
        inventory_quality.excess_quantity,
        inventory_quality.inventory_quality,
        inventory_quality.expiry_risk,
        inventory_quality.inventory_components,
        inventory_quality.entitlement,
        service_achieved.fill_rate,
        service_achieved.on_time_in_full,
        service_achieved.safety_stock_compliance,
        projection.project_inventory,
        projection.future_breach,
        projection.drp,
        projection.available_to_promise,
        projection.allocate,
        supply_terms.consignment_value,
        supply_terms.supply_chain_finance_benefit,
        supply_terms.dual_source,
        scorecard.score,
        # Network
        network.network_stock,
        network.network_cost,
        # About the engine
        about.engine_version,
        *about.about_functions(lambda: CATALOGUE),
    ]
)

_BY_PYTHON_NAME: Final = {declared.python_name: declared for declared in CATALOGUE.values()}


def __getattr__(name: str) -> Function:
    """A function by its Python name (`safety_stock`) or its spreadsheet name (`SAFETYSTOCK`)."""
    declared = _BY_PYTHON_NAME.get(name) or CATALOGUE.get(name.upper())
    if declared is None:
        raise AttributeError(f"xlinv has no function {name!r}")
    return declared


def __dir__() -> list[str]:
    return ["CATALOGUE", *_BY_PYTHON_NAME]
