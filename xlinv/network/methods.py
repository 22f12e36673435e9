"""The one entrance to network optimisation, and the methods behind it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from xlinv.cells import InputError
from xlinv.network.model import Network, require_network
from xlinv.network.plan import Plan

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Options = TypeVar("Options", bound="DataclassInstance")


def optimise(network: Network, method: str = "guaranteed", **options: Any) -> Plan:
    """Where to hold how much safety stock in a network, with the proof of how good the answer is.

    Arguments: the network; the method, `guaranteed` (Graves & Willems, 2000; any acyclic network) or
    `stochastic` (Clark & Scarf, 1960, and its extensions; assembly systems and distribution trees); and the
    options of the method, by name: the fields of `guaranteed.GuaranteedOptions` and of
    `stochastic.StochasticOptions`, and for every method `time_limit` and `progress`. Returns a Plan. Raises
    InputError for an unknown method or option, NetworkError and InfeasibleError as the method finds them.
    """
    require_network(network)
    if method not in METHODS:
        raise InputError("method", f"must be one of {', '.join(METHODS)}", method)
    return METHODS[method](network, options)


def _guaranteed(network: Network, options: dict[str, Any]) -> Plan:
    from xlinv.network.guaranteed import GuaranteedOptions, optimise_guaranteed

    return optimise_guaranteed(network, options_of("guaranteed", GuaranteedOptions, options))


def _stochastic(network: Network, options: dict[str, Any]) -> Plan:
    from xlinv.network.stochastic import StochasticOptions, optimise_stochastic

    # Nothing is searched for: it is done before any limit, with no progress to tell.
    chosen = {name: value for name, value in options.items() if name not in ("time_limit", "progress")}
    return optimise_stochastic(network, options_of("stochastic", StochasticOptions, chosen))


def options_of(method: str, kind: type[Options], options: dict[str, Any]) -> Options:
    """The options of a method; raises InputError by name where the method has no such option."""
    for name in options:
        if name not in kind.__dataclass_fields__:
            known = ", ".join(kind.__dataclass_fields__)
            raise InputError("option", f"must be one of {known} for method {method}", name)
    return kind(**options)


METHODS: Final[dict[str, Callable[[Network, dict[str, Any]], Plan]]] = {
    "guaranteed": _guaranteed,
    "stochastic": _stochastic,
}
