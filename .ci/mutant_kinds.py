"""The kinds of mutants: those of cosmic-ray that mean something here, and a few of our own on its base class.

Of all pairs of comparisons cosmic-ray knows, two are kept for each: the boundary moved, and the opposite. Its own kinds know no
``in``, no operand, element, argument, statement or SQL that is left out: ours do.
"""

import ast
import re

import parso
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider

COMPARISONS = "Eq_NotEq NotEq_Eq Lt_LtE Lt_GtE LtE_Lt LtE_Gt Gt_GtE Gt_LtE GtE_Gt GtE_Lt Is_IsNot IsNot_Is".split()
ARITHMETIC = "Add_Sub Sub_Add Mul_Add Div_Mul FloorDiv_Mul Mod_Mul BitOr_BitAnd BitAnd_BitOr".split()
UNARY = "Delete_Not Delete_USub Delete_Invert".split()
OTHERS = (
    "AddNot ReplaceTrueWithFalse ReplaceFalseWithTrue ReplaceAndWithOr ReplaceOrWithAnd ReplaceBreakWithContinue"
    " ReplaceContinueWithBreak ExceptionReplacer NumberReplacer RemoveDecorator ZeroIterationForLoop"
).split()
CORE = [
    *(f"ReplaceComparisonOperator_{pair}" for pair in COMPARISONS),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ARITHMETIC),
    *(f"ReplaceUnaryOperator_{pair}" for pair in UNARY),
    *OTHERS,
]


class Ours(Operator):
    """``ways(node)``: the texts that may stand in the place of ``node``."""

    def ways(self, node):
        raise TypeError

    def mutation_positions(self, node):
        for _ in self.ways(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        return parso.parse(_before(node) + list(self.ways(node))[index])

    @classmethod
    def examples(cls):
        return ()


def _before(node):
    return node.get_first_leaf().prefix


def _code(node):
    return node.get_code(include_prefix=False)


class DropOperand(Ours):
    """``a and b`` → ``a``, ``b``."""

    def ways(self, node):
        if node.type in ("and_test", "or_test"):
            word = f" {node.children[1].value} "
            operands = [_code(child) for child in node.children[::2]]
            for place in range(len(operands)):
                yield word.join(operands[:place] + operands[place + 1 :])


class SwapIn(Ours):
    """``in`` ↔ ``not in``."""

    def ways(self, node):
        if node.type == "comp_op" and _code(node) == "not in":
            yield "in"
        elif node.type == "keyword" and node.value == "in" and node.parent.type == "comparison":
            yield "not in"


class DropElement(Ours):
    """One element less in a tuple, list, set or dict that is written out."""

    def ways(self, node):
        if node.type != "atom" or node.children[0].value not in "([{" or len(node.children) != 3:
            return
        inside = node.children[1]
        if inside.type in ("testlist_comp", "dictorsetmaker") and any(
            "comp_for" in one.type for one in inside.children
        ):
            return
        listed = inside.children if inside.type in ("testlist_comp", "dictorsetmaker") else [inside]
        opening, closing = node.children[0].value, node.children[2].value
        if opening == "(" and not any(_code(child) == "," for child in listed):
            return  # brackets around one expression
        elements, current = [], ""
        for child in listed:
            if child.type == "operator" and child.value == ",":
                elements.append(current)
                current = ""
            else:
                current += child.get_code()
        elements += [current] if current.strip() else []
        for place in range(len(elements)):
            rest = elements[:place] + elements[place + 1 :]
            yield opening + ",".join(rest) + ("," if opening == "(" and rest else "") + closing


class DropKeyword(Ours):
    """One keyword argument less in a call."""

    def ways(self, node):
        if node.type == "arglist" and node.parent.type == "trailer":
            given = [child for child in node.children if _code(child) != ","]
            for dropped in given:
                if dropped.type == "argument" and _code(dropped.children[1]) == "=":
                    yield ", ".join(_code(one) for one in given if one is not dropped)
        elif node.type == "argument" and node.parent.type == "trailer" and _code(node.children[1]) == "=":
            yield ""


class DropStatement(Ours):
    """A call, a refusal, an assignment to something that was there before: left out."""

    def ways(self, node):
        if node.parent is None or node.parent.type != "simple_stmt":
            return
        is_call = node.type in ("atom_expr", "power")
        is_set = node.type == "expr_stmt" and (
            node.children[0].type in ("atom_expr", "power") or _code(node.children[1]) not in ("=",)
        )
        is_note = node.type == "expr_stmt" and node.children[1].type == "annassign"
        if (is_call or is_set or node.type == "raise_stmt") and not is_note:
            yield "pass"


SQL = re.compile(r"\b(SELECT|FROM|WHERE|CASE|JOIN|AND)\b")
SWAPS = [
    (r"\bAND\b", "OR"), (r"\bOR\b", "AND"), (r"(?<!NOT )\bIN \(", "NOT IN ("), (r"(?<!NOT )\bEXISTS\b", "NOT EXISTS"),
    (r"<>", "="), (r"\bIS NULL\b", "IS NOT NULL"), (r"\bIS NOT NULL\b", "IS NULL"), (r"\bLEFT JOIN\b", "JOIN"),
    (r"\bmax\(", "min("), (r"\bplace = 1", "place = 2"), (r"\bAND [^()\n]+?(?= AND|\n|$)", ""),
    (r"COALESCE\([\w.{}]+, (?=.*,)", "COALESCE("),
]  # fmt: skip


class SwapSql(Ours):
    """A word of SQL for another, a condition or a choice left out."""

    def ways(self, node):
        if node.type in ("string", "fstring_string") and SQL.search(node.value) and not _is_docstring(node):
            for pattern, other in SWAPS:
                for found in re.finditer(pattern, node.value):
                    yield node.value[: found.start()] + other + node.value[found.end() :]

    def mutate(self, node, index):
        node.value = list(self.ways(node))[index]
        return node


def _is_docstring(node):
    return node.type == "string" and node.parent.type == "simple_stmt"


OURS = [DropOperand, SwapIn, DropElement, DropKeyword, DropStatement, SwapSql]


def mutants(source):
    """``[(kind, mutated source), …]`` of ``source``, each once; what changes nothing but notes of types is none."""
    provider = OperatorProvider()
    seen = {_meant(source)}
    found = []
    for kind in [*(provider[name] for name in CORE), *OURS]:
        occurrence = 0
        while (text := mutate_code(source, kind(), occurrence)) is not None:
            occurrence += 1
            try:
                meant = _meant(text)
            except SyntaxError:
                continue
            if meant not in seen:
                seen.add(meant)
                found.append((kind.__name__, text))
    return found


class _Bare(ast.NodeTransformer):
    """Leaves out what is no behaviour: notes of types, docstrings, how a dataclass is guarded."""

    def visit_AnnAssign(self, node):
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_ClassDef(self, node):
        for one in node.decorator_list:  # frozen=True keeps people from a mistake; nothing asks for it
            if isinstance(one, ast.Call) and ast.unparse(one.func) == "dataclass":
                one.keywords = []
        return self.generic_visit(node)

    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_Expr(self, node):
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)


def _meant(text):
    return ast.dump(_Bare().visit(ast.parse(text)))
