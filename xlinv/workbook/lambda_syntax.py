"""LET, LAMBDA and what takes a lambda, written so that the engine understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlinv.workbook import lifting
from xlinv.workbook.formula import Call, FormulaError, Items, Leaf, Node
from xlinv.workbook.scope import Variable
from xlinv.workbook.spellings import bound_name, function_name, spelled

if TYPE_CHECKING:
    from xlinv.workbook.rewriting import Rewriter


def let(rewriter: Rewriter, call: Call) -> str:
    if len(call.arguments) % 2 == 0:
        raise FormulaError("LET needs pairs of name and value, and then a result")
    outside = dict(rewriter.scope)
    texts = []
    rewriter.depth += 1
    for name_items, value in zip(call.arguments[:-1:2], call.arguments[1::2], strict=True):
        name = _variable_name(name_items)
        texts += [spelled(bound_name(name)), rewriter.items(value)]
        function = value[0] if len(value) == 1 and _is_lambda(value[0]) else None
        rewriter.scope[bound_name(name)] = Variable(len(rewriter.frames), function)  # type: ignore[arg-type]
    texts.append(rewriter.items(call.arguments[-1]))
    rewriter.depth -= 1
    rewriter.scope = outside
    return f"LET({','.join(texts)})"


def lambda_value(rewriter: Rewriter, call: Call) -> str:
    outside = dict(rewriter.scope)
    names = [bound_name(_variable_name(items)) for items in call.arguments[:-1]]
    for name in names:
        rewriter.scope[name] = Variable(len(rewriter.frames))
    rewriter.depth += 1
    body = rewriter.items(call.arguments[-1])
    rewriter.depth -= 1
    rewriter.scope = outside
    return f"LAMBDA({','.join([*map(spelled, names), body])})"


def _variable_name(items: Items) -> str:
    if len(items) != 1 or not isinstance(items[0], Leaf) or items[0].kind != "name":
        raise FormulaError("LET and LAMBDA name their variables by plain words")
    return items[0].text


def _is_lambda(node: Node) -> bool:
    return isinstance(node, Call) and function_name(node.name) == "LAMBDA" and bool(node.arguments)


def invocation(rewriter: Rewriter, target: Node, arguments: list[Items]) -> str:
    """A lambda called on the spot, which the engine accepts only under a name."""
    if not _is_lambda(target):
        return rewriter.cannot("#VALUE!", "only a LAMBDA can be called")
    assert isinstance(target, Call)
    return f"LET(_called,{lambda_value(rewriter, target)},_called({rewriter.arguments(arguments)}))"


def call_of_variable(rewriter: Rewriter, name: str, arguments: list[Items]) -> str:
    variable = rewriter.scope[name]
    if variable.depth == len(rewriter.frames):
        return f"{spelled(name)}({rewriter.arguments(arguments)})"
    if variable.function is None:
        return rewriter.cannot("#CALC!", "a lambda cannot be handed to a lambda here")
    return invocation(rewriter, variable.function, arguments)


def over_array(rewriter: Rewriter, call: Call) -> str:
    """MAP, BYROW, BYCOL, REDUCE, SCAN and MAKEARRAY, run by lambdas.py."""
    function = _lambda_of(rewriter, call.arguments[-1]) if call.arguments else None
    if function is None:
        return rewriter.cannot("#VALUE!", f"{call.name} needs a LAMBDA as its last argument")
    names = [_variable_name(items) for items in function.arguments[:-1]]
    arrays = call.arguments[:-1]
    if call.name in ("REDUCE", "SCAN") and len(arrays) == 1:
        arrays = [[], *arrays]
    wanted = {"MAP": len(arrays), "BYROW": 1, "BYCOL": 1}.get(call.name, 2)
    if len(names) != wanted or len(arrays) != (1 if call.name in ("BYROW", "BYCOL") else wanted):
        return rewriter.cannot("#VALUE!", f"{call.name} is given the wrong number of arrays or parameters")
    return lifting.each(rewriter, call.name, names, function.arguments[-1], arrays)


def _lambda_of(rewriter: Rewriter, items: Items) -> Call | None:
    if len(items) != 1:
        return None
    node = items[0]
    if _is_lambda(node):
        assert isinstance(node, Call)
        return node
    if not isinstance(node, Leaf) or node.kind != "name":
        return None
    variable = rewriter.scope.get(bound_name(node.text))
    if variable is not None:
        return variable.function
    if node.text.lower().startswith("_xleta."):
        parameter: Items = [Leaf("name", "_xlpm.each")]
        return Call("LAMBDA", [parameter, [Call(node.text, [parameter])]])
    defined = rewriter.defined(node)
    return _lambda_of(rewriter, defined) if defined else None
