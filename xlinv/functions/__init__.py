"""The functions of the catalogue, by family; CATALOGUE is the explicit list of them all."""

from typing import Any, Final

from xlinv.catalogue import Catalogue, Function

# Every function by its name in a spreadsheet, and the module and name under which it is declared. A family is
# imported when one of its functions is asked for, so that the first value does not wait for all of them.
CATALOGUE: Final = Catalogue(
    __name__,
    {
        # Safety stock and service
        "SAFETYSTOCK": "safety_stocks.safety_stock",
        "REORDERPOINT": "safety_stocks.reorder_point",
        "ORDERUPTO": "safety_stocks.order_up_to",
        "LEADTIMESD": "safety_stocks.lead_time_sd",
        "SAFETYFACTOR": "service.safety_factor",
        "UNITLOSS": "service.unit_loss",
        "EXPECTEDSHORT": "service.expected_short",
        "EXPECTEDLEFT": "service.expected_left",
        "EXPECTEDFILL": "service.expected_fill",
        "CSLTOFILL": "service.csl_to_fill",
        "FILLTOCSL": "service.fill_to_csl",
        "AVERAGEMAX": "buffers.average_max",
        "CRITICALRATIO": "service.critical_ratio",
        "ECONSERVICE": "service.econ_service",
        "SERVICECURVE": "safety_stocks.service_curve",
        "INVESTCURVE": "portfolio.invest_curve",
        "SERVICEMIX": "portfolio.service_mix",
        "SAFETYSTOCKTP": "buffers.safety_stock_tp",
        "REORDERPOINTTP": "buffers.reorder_point_tp",
        "SSDRIVERS": "buffers.ss_drivers",
        "RECALTRIGGER": "buffers.recal_trigger",
        "SPARES": "buffers.spares",
        "TIMETOSURVIVE": "buffers.time_to_survive",
        "RESILIENCEBUFFER": "buffers.resilience_buffer",
        # Lot sizing
        "EOQ": "order_quantities.eoq",
        "EOQCOST": "order_quantities.eoq_cost",
        "EPQ": "order_quantities.epq",
        "EOQBACKORDER": "order_quantities.eoq_backorder",
        "EOQDISCOUNT": "order_quantities.eoq_discount",
        "EOQDISRUPTION": "uncertain_supply.eoq_disruption",
        "EOQYIELD": "uncertain_supply.eoq_yield",
        "JOINTREPLENISHMENT": "order_quantities.joint_replenishment",
        "WAGNERWHITIN": "dynamic_lots.wagner_whitin",
        "SILVERMEAL": "dynamic_lots.silver_meal",
        "PARTPERIOD": "dynamic_lots.part_period",
        "LOTFORLOT": "dynamic_lots.lot_for_lot",
        "LOTCOST": "dynamic_lots.lot_cost",
        "COSTTOSERVE": "lot_costs.cost_to_serve",
        "LOTCOMPARE": "lot_costs.lot_compare",
        "MOQIMPACT": "lot_costs.moq_impact",
        "SPLITSHIP": "lot_costs.split_ship",
        "DISCOUNTBUY": "lot_costs.discount_buy",
        "BATCHDAYS": "lot_costs.batch_days",
        "REVIEWOPT": "replenishment.review_opt",
        "ORDERQTY": "replenishment.order_qty",
        # Policies
        "NEWSVENDOR": "single_period.newsvendor",
        "NEWSVENDORCOST": "single_period.newsvendor_cost",
        "NEWSVENDORPMF": "single_period.newsvendor_pmf",
        "BASESTOCK": "single_period.base_stock",
        "BASESTOCKDISRUPTION": "single_period.base_stock_disruption",
        "FINITEHORIZON": "reorder_policies.finite_horizon",
        "RQPOLICY": "reorder_policies.rq_policy",
        "SSPOLICY": "reorder_policies.ss_policy",
        "SIMPOLICY": "simulation.sim_policy",
        # Demand and forecasting
        "DEMANDPATTERN": "demand.demand_pattern",
        "DEMANDINTERVAL": "demand.demand_interval",
        "DEMANDCV": "demand.demand_cv",
        "FORECASTSIGMA": "accuracy.forecast_sigma",
        "WMAPE": "accuracy.wmape",
        "FORECASTBIAS": "accuracy.forecast_bias",
        "MAPE": "accuracy.mape",
        "SMAPE": "accuracy.smape",
        "TRACKINGSIGNAL": "accuracy.tracking_signal",
        "MASE": "accuracy.mase",
        "FORECASTVA": "accuracy.forecast_va",
        "FORECASTSERIES": "forecasting.forecast_series",
        "SEASONINDEX": "forecasting.season_index",
        "PROMOLIFT": "forecasting.promo_lift",
        "DEMANDSENSE": "forecasting.demand_sense",
        "CLEANHISTORY": "demand.clean_history",
        "LEADTIMESTATS": "demand.lead_time_stats",
        "BULLWHIP": "demand.bullwhip",
        # Segmentation
        "ABCCLASS": "segmentation.abc_class",
        "XYZCLASS": "segmentation.xyz_class",
        "ABCXYZ": "segmentation.abc_xyz",
        "PARETO": "segmentation.pareto",
        "PARETOCUT": "segmentation.pareto_cut",
        "SEGCASH": "segmentation.seg_cash",
        "MARGINSERVICE": "policy_matrices.margin_service",
        "RISKEXPOSURE": "policy_matrices.risk_exposure",
        "KRALJIC": "policy_matrices.kraljic",
        "ARCHETYPE": "policy_matrices.archetype",
        "DRIVERSEGMENT": "policy_matrices.driver_segment",
        # Finance and inventory quality
        "DIO": "working_capital.dio",
        "DIOFORWARD": "working_capital.dio_forward",
        "DPO": "working_capital.dpo",
        "DSO": "working_capital.dso",
        "DSOCOUNTBACK": "working_capital.dso_count_back",
        "CASHCYCLE": "working_capital.cash_cycle",
        "CASHRELEASE": "working_capital.cash_release",
        "CASHEFFECT": "working_capital.cash_effect",
        "BENCHQUARTILE": "scorecard.benchmark_quartile",
        "GMROII": "inventory_return.gmroii",
        "GMROIITURN": "inventory_return.gmroii_turn",
        "TURNS": "inventory_return.turns",
        "CARRYRATE": "inventory_return.carry_rate",
        "CARRYCOST": "inventory_return.carry_cost",
        "NETMARGIN": "inventory_return.net_margin",
        "TOTALINVCOST": "inventory_return.total_inventory_cost",
        "DAYSOFSUPPLY": "inventory_quality.days_of_supply",
        "PERIODSOFSUPPLY": "inventory_quality.periods_of_supply",
        "SLOBCLASS": "inventory_quality.slob_class",
        "EXCESSQTY": "inventory_quality.excess_quantity",
        "INVQUALITY": "inventory_quality.inventory_quality_ratio",
        "EXPIRYRISK": "inventory_quality.expiry_risk",
        "INVCOMPONENTS": "inventory_quality.inventory_components",
        "ENTITLEMENT": "inventory_quality.entitlement",
        "FILLRATE": "service_achieved.fill_rate",
        "OTIF": "service_achieved.on_time_in_full",
        "SSCOMPLIANCE": "service_achieved.safety_stock_compliance",
        "PROJECTINVENTORY": "projection.project_inventory",
        "FUTUREBREACH": "projection.future_breach",
        "DRP": "projection.drp",
        "ATP": "projection.available_to_promise",
        "ALLOCATE": "projection.allocate",
        "CONSIGNVALUE": "supply_terms.consignment_value",
        "SCFBENEFIT": "supply_terms.supply_chain_finance_benefit",
        "DUALSOURCE": "supply_terms.dual_source",
        "SCORE": "scorecard.score",
        # Network
        "NETWORKSTOCK": "network.network_stock",
        "NETWORKCOST": "network.network_cost",
        # About the engine
        "XLINVVERSION": "about.engine_version",
        "FUNCTIONVERSION": "about.function_version",
        "METHODINFO": "about.method_info",
    },
)


def __getattr__(name: str) -> Any:
    """A function by its Python name (`safety_stock`) or its spreadsheet name (`SAFETYSTOCK`)."""
    declared: Function | None = CATALOGUE.by_python_name(name) or CATALOGUE.get(name.upper())
    if declared is None:
        raise AttributeError(f"xlinv has no function {name!r}")
    return declared


def __dir__() -> list[str]:
    return ["CATALOGUE", *CATALOGUE.python_names]
