"""One order of sums on every machine: nothing that is judged goes through a BLAS, which has its own on each."""

import ast
from pathlib import Path

import numpy as np
import pytest

import sideslip.outside
from sideslip.outside.shift import _both_ways, _stationary, transition

ROOM = Path(sideslip.outside.__file__).parent
BLAS = {"dot", "matmul", "inner", "vdot", "tensordot", "einsum"}


def products(source: str) -> list[int]:
    """Lines on which a BLAS may be asked."""
    asked = []
    for node in ast.walk(ast.parse(source)):
        product = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult)
        if product or (isinstance(node, ast.Attribute) and node.attr in {*BLAS, "linalg"}):
            asked.append(node.lineno)
    return asked


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.stem)
def test_no_judgement_goes_through_a_blas(path: Path) -> None:
    assert products(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("source", ["a @ b", "a @= b", "np.dot(a, b)", "a.dot(b)", "np.linalg.norm(a)"])
def test_a_product_would_be_found(source: str) -> None:
    assert products(source) == [1]


def test_both_ways_are_the_products_with_the_transition() -> None:
    likelihood = np.random.default_rng(0).random((5, 4, 12))
    forward, backward = _both_ways(likelihood)
    before, after = _stationary() * likelihood[:, 0], likelihood[:, -1]
    for i in range(4):
        before = before @ transition() * likelihood[:, i] if i else before
        assert forward[:, i] == pytest.approx(before / before.sum(axis=1, keepdims=True))
        after = after @ transition().T * likelihood[:, 3 - i] if i else after
        assert backward[:, 3 - i] == pytest.approx(after / after.sum(axis=1, keepdims=True))
