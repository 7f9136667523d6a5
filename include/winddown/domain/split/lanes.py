"""
Eight neighbouring stocks at a time, held in the registers of the processor.

A loop over one stock at a time keeps its sums in memory between two chances. Where it reads them back one place
further than it wrote them, as when chances are followed, the processor has to wait for each of them.

In compiled functions only. No index is checked; arrays are C-contiguous, and a place counts over all their rows.
"""

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any, NamedTuple

from llvmlite import ir
from numba import types
from numba.core.datamodel.models import PrimitiveModel
from numba.extending import intrinsic, register_model
from numba.np.arrayobj import make_array

LANES = 8
_EIGHT = ir.VectorType(ir.DoubleType(), LANES)
_CODES = ir.VectorType(ir.IntType(8), LANES)
_WHOLE = ir.VectorType(ir.IntType(64), LANES)
_PLACES = ir.VectorType(ir.IntType(32), LANES)
_FUSED = ("contract",)


class Eight(types.Type):
    """The numbers of eight stocks, as numba's type."""


@register_model(Eight)
class _Model(PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _EIGHT)  # type: ignore[no-untyped-call]


class _Emit(NamedTuple):
    """Where instructions go, and the kinds of what a call is given."""

    context: Any
    builder: Any
    kinds: Any

    def point(self, which: int, given: Any, wide: Any) -> Any:
        """Point to a place in the array that is argument `which`; the argument after it is the place."""
        array = make_array(self.kinds[which])(self.context, self.builder, given[which])  # type: ignore[no-untyped-call]
        place = self.builder.gep(array.data, [given[which + 1]])
        return self.builder.bitcast(place, wide.as_pointer())

    def repeat(self, number: Any, wide: Any) -> Any:
        """Put a number into every lane."""
        nothing = ir.Constant(wide, ir.Undefined)
        first = self.builder.insert_element(nothing, number, ir.Constant(ir.IntType(32), 0))
        return self.builder.shuffle_vector(first, nothing, ir.Constant(_PLACES, [0] * LANES))


def _emitted(result: Any, kinds: tuple[Any, ...], build: Callable[[_Emit, Any], Any]) -> Any:
    """Make a function of the instructions that `build` writes; a kind None takes any array."""

    def typed(_typing: Any, *given: Any) -> Any:
        def write(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            return build(_Emit(context, builder, signature.args), values)

        return result(*(one if kind is None else kind for kind, one in zip(kinds, given, strict=True))), write

    names = (
        "typing",
        *(f"given{place}" for place in range(len(kinds))),
    )  # numba counts arguments by their names
    parameters = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    typed.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return intrinsic(typed)


def _number_at(emit: _Emit, given: Any) -> Any:
    return emit.builder.load(emit.point(0, given, ir.DoubleType()))


def _load(emit: _Emit, given: Any) -> Any:
    return emit.builder.load(emit.point(0, given, _EIGHT), align=8)


def _store(emit: _Emit, given: Any) -> Any:
    emit.builder.store(given[0], emit.point(1, given, _EIGHT), align=8)
    return emit.context.get_dummy_value()


def _plus_times(emit: _Emit, given: Any) -> Any:
    times = emit.builder.fmul(given[1], given[2], flags=_FUSED)
    return emit.builder.fadd(given[0], times, flags=_FUSED)


def _total_of(emit: _Emit, given: Any) -> Any:
    total = ir.Constant(ir.DoubleType(), 0.0)
    for lane in range(LANES):
        one = emit.builder.extract_element(given[0], ir.Constant(ir.IntType(32), lane))
        total = emit.builder.fadd(total, one)
    return total


def _take_better(emit: _Emit, given: Any) -> Any:
    build, (tried, lanes, code) = emit.builder, given[:3]
    best, codes = emit.point(3, given, _EIGHT), emit.point(5, given, _CODES)
    old = build.load(best, align=8)
    counts = build.icmp_signed("<", ir.Constant(_WHOLE, list(range(LANES))), emit.repeat(lanes, _WHOLE))
    better = build.and_(build.fcmp_ordered(">", tried, old), counts)
    build.store(build.select(better, tried, old), best, align=8)
    new = emit.repeat(build.trunc(code, ir.IntType(8)), _CODES)
    build.store(build.select(better, new, build.load(codes, align=1)), codes, align=1)
    return build.zext(build.bitcast(better, ir.IntType(LANES)), ir.IntType(64))


def _running_max(emit: _Emit, given: Any) -> Any:
    build, most = emit.builder, given[0]
    for far in (1, 2, 4):
        before = build.shuffle_vector(
            given[1], most, ir.Constant(_PLACES, [LANES - far + lane for lane in range(LANES)])
        )
        most = build.select(build.fcmp_ordered(">", before, most), before, most)
    return build.select(build.fcmp_ordered(">", given[1], most), given[1], most)


def _mark_above(emit: _Emit, given: Any) -> Any:
    build, codes = emit.builder, emit.point(2, given, _CODES)
    above = build.fcmp_ordered(">", given[0], given[1])
    build.store(build.zext(above, _CODES), codes, align=1)
    bits = build.zext(build.bitcast(above, ir.IntType(LANES)), ir.IntType(64))
    return build.cttz(build.not_(bits), ir.Constant(ir.IntType(1), 1))  # above the lanes there are zeros


def _fill_codes(emit: _Emit, given: Any) -> Any:
    code = emit.builder.trunc(given[0], ir.IntType(8))
    emit.builder.store(emit.repeat(code, _CODES), emit.point(1, given, _CODES), align=1)
    return emit.context.get_dummy_value()


def _shifted(emit: _Emit, given: Any) -> Any:
    return emit.builder.shuffle_vector(
        *given, ir.Constant(_PLACES, [LANES - 1 + lane for lane in range(LANES)])
    )


def _last(emit: _Emit, given: Any) -> Any:
    return emit.builder.shuffle_vector(given[0], given[0], ir.Constant(_PLACES, [LANES - 1] * LANES))


_eight, _number, _int = Eight("eight"), types.float64, types.intp
zeros = _emitted(_eight, (), lambda *_: ir.Constant(_EIGHT, [0.0] * LANES))
repeat = _emitted(_eight, (_number,), lambda emit, given: emit.repeat(given[0], _EIGHT))
"""(number): it eight times."""
number_at = _emitted(_number, (None, _int), _number_at)
"""(array, place): the one number there."""
load = _emitted(_eight, (None, _int), _load)
"""(array, place): the eight numbers from there on."""
store = _emitted(types.void, (_eight, None, _int), _store)
"""(eight, array, place): write them there."""
plus = _emitted(_eight, (_eight, _eight), lambda emit, given: emit.builder.fadd(*given))
plus_times = _emitted(_eight, (_eight, _eight, _eight), _plus_times)
"""(a, b, c): a + b x c, lane by lane."""
total_of = _emitted(_number, (_eight,), _total_of)
"""(eight): their sum."""
take_better = _emitted(_int, (_eight, _int, _int, None, _int, None, _int), _take_better)
"""
(tried, lanes, code, best, place, codes, place): where what was tried is more than the best, write it and its code.

Only so many lanes count; gives 0 where none of them is better.
"""
running_max = _emitted(_eight, (_eight, _eight), _running_max)
"""(a, most): in each lane the most of a in it and before it, and of `most`, whose lanes are alike."""
shifted = _emitted(_eight, (_eight, _eight), _shifted)
"""(a, b): the last of a, then all but the last of b."""
last = _emitted(_eight, (_eight,), _last)
"""(a): its last lane eight times."""
mark_above = _emitted(_int, (_eight, _eight, None, _int), _mark_above)
"""(a, b, codes, place): write 1 where a is above b, else 0; gives how many 1 there are from the first on."""
fill_codes = _emitted(types.void, (_int, None, _int), _fill_codes)
"""(code, codes, place): write it there eight times."""
