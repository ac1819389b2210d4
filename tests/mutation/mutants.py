# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generate mutants with the operators of cosmic-ray: ``mutants.py NUMBER SEED FILE...`` prints them as JSON.

NUMBER is the number of mutants for each file, 0 for all. If an operator has several variants for one place (such as + for every
other arithmetic operator), one variant is used.
"""

import ast
import json
import random
import sys
from pathlib import Path

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names


class RemoveStatement(Operator):
    """Replaces a simple statement in a function with C(pass): a call, an assignment, a return or a raise."""

    TYPES = ("atom_expr", "power", "expr_stmt", "return_stmt", "raise_stmt")

    def mutation_positions(self, node):
        """Yield the positions of the statements that can be removed."""
        if node.type == "simple_stmt" and node.children[0].type in self.TYPES and parso.tree.search_ancestor(node, "funcdef"):
            yield node.children[0].start_pos, node.children[0].end_pos

    def mutate(self, node, index):
        """Return the replacement."""
        return parso.python.tree.Name(node.get_first_leaf().prefix + "pass\n", node.start_pos)

    @classmethod
    def examples(cls):
        """Return no examples. cosmic-ray requires this method for tests of operators."""
        return ()


def operators():
    """Yield (family, operator). Operators of a family differ only in the replacement."""
    for name in operator_names():
        kind = get_operator(name)
        if not kind.arguments() and not name.endswith("/NoOp"):
            yield name.partition("/")[2].partition("_")[0], kind()
    yield RemoveStatement.__name__, RemoveStatement()


def inert(source):
    """Return callable(line, column) -> whether the code there has no effect at run time, such as annotations and code for type checkers."""
    spans = []
    for node in ast.walk(ast.parse(source)):
        parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        parts += [node.test] if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" else []
        spans += [((part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)) for part in parts if part]
    return lambda place: any(start <= place < end for start, end in spans)


def mutants(path, number, seed):
    """Yield a sample of a file's mutants in the order of the file; each has the line, the operator and the mutated source."""
    source = Path(path).read_text(encoding="utf-8")
    tree, without_effect, places = get_ast(source), inert(source), {}
    for family, operator in operators():
        positions = (start for node in ast_nodes(tree) for start, _end in operator.mutation_positions(node))
        for occurrence, place in enumerate(positions):
            if not without_effect(place):
                places.setdefault((place, family), []).append((operator, occurrence))
    chance = random.Random("%s %s" % (seed, path.rpartition("/")[2].strip("_")))
    chosen = chance.sample(sorted(places), min(number or len(places), len(places)))
    for place, family in sorted(chosen):
        operator, occurrence = chance.choice(places[place, family])
        yield {"line": place[0], "operator": type(operator).__name__, "source": mutate_code(source, operator, occurrence)}


if __name__ == "__main__":
    json.dump({path: list(mutants(path, int(sys.argv[1]), sys.argv[2])) for path in sys.argv[3:]}, sys.stdout)
