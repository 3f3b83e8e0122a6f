"""The model as a specialist would write it in C: what a compiled engine is held against.

The same program, cut up by the same plan (constants folded, what depends on time or parameters alone taken out
of the loop, parameters inverted once), written as loops over a block of members that gcc turns into vector
code, with exp, log and power inlined. It reads the same table of fields as the kernel, so that both run under
the same Python code on the same arrays.
"""

import ctypes
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pujiang.engine.kernel.compile import Code
from pujiang.engine.kernel.frame import FRAME_FIELDS, FRAME_NUMBERS, layout
from pujiang.engine.kernel.plan import KernelPlan, Stretch, planned
from pujiang.engine.kernel.runs import Kernel
from pujiang.engine.program import Operation, Program

STRICT = ("-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math", "-ffinite-math-only",
          "-fno-signed-zeros", "-freciprocal-math")  # fmt: skip
COMMON = ("-O3", "-march=native", "-fopenmp-simd", "-shared", "-fPIC", "-fno-semantic-interposition", "-w",
          "--param=loop-max-datarefs-for-datadeps=100000")  # fmt: skip
"""The last lets gcc vectorise loops as long as a stage of the model."""


@dataclass(frozen=True)
class Variant:
    """A way to write and compile it: members in a block, whose mathematics, compiler flags."""

    name: str
    block: int
    inlined: bool
    flags: tuple[str, ...]


VARIANTS = (  # those that are fastest on a large program first
    Variant("inlined mathematics, blocks of 4", 4, True, STRICT),
    Variant("inlined mathematics, blocks of 8", 8, True, STRICT),
    Variant("inlined mathematics, blocks of 16", 16, True, STRICT),
    Variant("inlined mathematics, blocks of 64", 64, True, STRICT),
    Variant("inlined mathematics, blocks of 16, -ffast-math", 16, True, ("-ffast-math",)),
    Variant("libmvec, blocks of 16, -ffast-math", 16, False, ("-ffast-math",)),
)

MATHEMATICS = """
#include <math.h>
#include <stdint.h>
#include <string.h>
static inline __attribute__((always_inline)) int64_t bits(double x) { int64_t b; memcpy(&b, &x, 8); return b; }
static inline __attribute__((always_inline)) double real(int64_t b) { double x; memcpy(&x, &b, 8); return x; }
static inline __attribute__((always_inline)) double least(double a, double b) { return a < b ? a : b; }
static inline __attribute__((always_inline)) double most(double a, double b) { return a > b ? a : b; }
static inline __attribute__((always_inline)) double choose(double c, double a, double b) {
    return c != 0.0 ? a : b;
}
static inline __attribute__((always_inline)) double quotient(double a, double b) {
    return b == 0.0 ? 0.0 : a / b;
}
"""

INLINED = """
#define ROUND 6755399441055744.0
static inline __attribute__((always_inline)) double power_of_two(double r, double n) {
    double r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    double q = ((0.6931471805599453 + 0.24022650695910097 * r) + (0.0555041086648216 + 0.009618129107606871 * r) * r2)
        + ((0.0013333558146416927 + 0.00015403530441765088 * r)
        + (1.5252733829851596e-05 + 1.321544257022465e-06 * r) * r2) * r4
        + ((1.0178062436412765e-07 + 7.072589488396345e-09 * r) + 4.4549624846332125e-10 * r2) * r8;
    int64_t k = (int64_t)((uint64_t)bits(n + ROUND) << 52) + 0x3FF0000000000000;
    return (1.0 + r * q) * real(k);
}
static inline __attribute__((always_inline)) double my_exp(double x) {
    x = most(-708.0, least(709.0, x));
    double n = __builtin_rint(x * 1.4426950408889634);
    return power_of_two((x * 1.4426950408889634 - n) + x * 2.0355273740931033e-17, n);
}
static inline __attribute__((always_inline)) double log_of_mantissa(double x, double *e) {
    int64_t above = bits(x) - 0x3FE6A09E667F3BCD;
    int64_t biased = (int64_t)((uint64_t)(above + 0x3FF0000000000000) >> 52);
    *e = real(biased | 0x4330000000000000) - 4503599627371519.0;
    double m = real((above & 0x000FFFFFFFFFFFFF) + 0x3FE6A09E667F3BCD);
    double f = m - 1.0, s = f / (m + 1.0), z = s * s, z2 = z * z, z4 = z2 * z2;
    double p = ((0.666666666666667 + 0.39999999999899444 * z) + (0.2857142862600327 + 0.22222211130259878 * z) * z2)
        + ((0.18182889455674947 + 0.15331710618210773 * z) + 0.14616585424888623 * z2) * z4;
    return f - s * (f - z * p);
}
static inline __attribute__((always_inline)) double my_log(double x) {
    double e, l = log_of_mantissa(x, &e);
    return e * 0.6931471805598903 + (e * 5.497923018708371e-14 + l);
}
static inline __attribute__((always_inline)) double my_pow(double x, double y) {
    double e, l = log_of_mantissa(x, &e), part = y * (l * 1.4426950408889634);
    double n = __builtin_rint(most(-1022.0, least(1023.0, y * e + part)));
    double r = (y * e - n) + part;
    double result = power_of_two(r, n);
    return x < 2.2250738585072014e-308 ? 0.0 : result;
}
"""

LIBRARY = """
#define my_exp exp
#define my_log log
#define my_pow pow
"""

SIGNATURE = (
    "double *restrict slots, const double *restrict parameters, const double *restrict amounts, "
    "const double *restrict timed, const double *restrict levers, const double *now, double *restrict next, "
    "const double *y, const double *sum, double *sum_next, const double *restrict factors, "
    "const int64_t *restrict past, char *restrict ring"
)

Leaf = Callable[[int], str]


def write(plan: KernelPlan, variant: Variant) -> str:
    """The whole C file."""
    parts = [MATHEMATICS, INLINED if variant.inlined else LIBRARY, f"enum {{ B = {variant.block} }};"]
    parts += [_opening(plan), _stage(plan), _driver(plan, variant.block)]
    return "\n".join(parts)


def compile_c(program: Program, observed: Sequence[int], variant: Variant, folder: Path) -> Kernel:
    """The program compiled by gcc, in the form of a kernel."""
    plan = planned(program, tuple(sorted(set(observed))))
    stem = f"c{variant.block}{'i' if variant.inlined else 'm'}{abs(hash(variant.flags)) % 1000}"
    source, library = folder / f"{stem}.c", folder / f"{stem}.so"
    source.write_text(write(plan, variant))
    subprocess.run(["gcc", *COMMON, *variant.flags, "-o", library, source, "-lm"], check=True)
    loaded = ctypes.CDLL(str(library))
    address = ctypes.cast(loaded.simulate, ctypes.c_void_p).value
    assert address is not None
    return Kernel.of(plan, layout(plan, variant.block), variant.block, Code(address, 0, loaded))


def _expression(operation: Operation, of: Leaf, stretch: Stretch, program: Program) -> str:
    given = [of(a) for a in operation.arguments]
    if operation.op == "inverse":
        return f"1.0 / {given[0]}"
    if operation.op == "sign_of_power":
        return "0.0"  # a specialist who knows that no base is negative does without
    infix = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
    if operation.op in infix:
        return f"{given[0]} {infix[operation.op]} {given[1]}"
    if operation.op in {"less", "less_equal"}:
        return f"{given[0]} {'<' if operation.op == 'less' else '<='} {given[1]} ? 1.0 : 0.0"
    if operation.op == "where":
        return f"choose({', '.join(given)})"  # its arguments are read first: no loads under conditions
    if operation.op == "lookup":
        return _lookup(given[0], program.tables[int(operation.number)])
    if operation.op == "power":
        exponent = stretch.operations[operation.arguments[1]]
        if exponent.op == "constant" and exponent.number in {3.0, 4.0, -1.0}:
            x = given[0]
            return {3.0: f"{x} * {x} * {x}", 4.0: f"({x} * {x}) * ({x} * {x})", -1.0: f"1.0 / {x}"}[exponent.number]
    name = {"negative": "-", "exp": "my_exp", "log": "my_log", "sqrt": "sqrt", "power": "my_pow",
            "minimum": "least", "maximum": "most", "safe_divide": "quotient"}[operation.op]  # fmt: skip
    return f"{name}({', '.join(given)})"


def _lookup(x: str, points: Sequence[tuple[float, float]]) -> str:
    first, last = points[0][0], points[-1][0]
    held = f"least({last!r}, most({first!r}, {x}))"
    text = f"{points[0][1]!r}"
    before = 0.0
    for (x0, y0), (x1, y1) in pairwise(points):
        slope = (y1 - y0) / (x1 - x0)
        text += f" + {slope - before!r} * most({held} - {x0!r}, 0.0)"
        before = slope
    return text


def _number(value: float) -> str:
    return f"({value!r})"


Actions = Sequence[tuple[int, str]]
"""Lines, and statements to do with their values (in place of VALUE)."""


def _chunks(
    name: str, plan: KernelPlan, stretch: Stretch,
    of: Callable[[int], str | None], inverse: Callable[[int], str | None],
    actions: Actions, last: Actions,
) -> str:  # fmt: skip
    """A function for every chunk of a stretch, and one that calls them; `last` is done when all is known."""
    program, first = plan.program, len(plan.kept) + len(plan.observed)
    at = {line: k for k, chunk in enumerate(stretch.chunks) for line in chunk.lines}
    functions = []
    for k, chunk in enumerate(stretch.chunks):
        computed: set[int] = set()

        def value(line: int, known: set[int] = computed) -> str:
            operation = stretch.operations[line]
            if line in known:
                return f"v{line}"
            if operation.op == "constant":
                return _number(operation.number)
            if line in stretch.slot:
                return f"slots[{first + stretch.slot[line]} * B + m]"
            found = of(line)
            assert found is not None, operation
            return found

        lines = []
        for line in chunk.lines:
            operation = stretch.operations[line]
            if operation.op == "delayed":
                text = (of(line) or "").replace("BEFORE", value(program.delays[int(operation.number)].before))
            elif inverse(line) is not None:
                text = f"{value(operation.arguments[0])} * {inverse(line)}"
            else:
                text = _expression(operation, value, stretch, program)
            computed.add(line)
            lines.append(f"        const double v{line} = {text};")
        lines += [f"        slots[{first + stretch.slot[line]} * B + m] = v{line};" for line in chunk.keeps]
        here = [(line, act) for line, act in actions if at.get(line, 0) == k]
        here += last if k == len(stretch.chunks) - 1 else ()
        lines += [f"        {act.replace('VALUE', value(line))};" for line, act in here]
        functions.append(_function(f"{name}{k}", lines))
    given = re.sub(r"(const )?(double|int64_t|char) \*(restrict )?", "", SIGNATURE)
    calls = "\n".join(f"    {name}{k}({given});" for k in range(len(functions)))
    functions.append(f"static void {name}({SIGNATURE}) {{\n{calls}\n}}")
    return "\n".join(functions)


def _opening(plan: KernelPlan) -> str:
    stretch = plan.opening

    def of(line: int) -> str | None:
        operation = stretch.operations[line]
        k = int(operation.number)
        return {
            "parameter": f"parameters[{k} * B + m]", "time": "timed[0]", "series": f"timed[{k + 1}]",
            "lever": f"(levers[{2 * k}] + levers[{2 * k + 1}] * amounts[{k} * B + m])",
        }.get(operation.op)  # fmt: skip

    actions = [(line, f"slots[{i} * B + m] = VALUE") for i, line in enumerate(plan.kept)]
    actions += [(line, f"next[{i} * B + m] = VALUE") for i, line in enumerate(plan.initial_states)]
    return _chunks("start", plan, stretch, of, lambda _: None, actions, [])


def _stage(plan: KernelPlan) -> str:
    program = plan.program
    kept = {line: i for i, line in enumerate(plan.kept)}
    timed = {line: i for i, line in enumerate(plan.timed)}

    def of(line: int) -> str | None:
        if line in timed:
            return f"timed[{timed[line]}]"
        if line in plan.held:
            origin = plan.held[line]
            source = plan.opening.operations[origin]
            if source.op == "constant":
                return _number(source.number)
            if source.op == "parameter":
                return f"parameters[{int(source.number)} * B + m]"
            return f"slots[{kept[origin]} * B + m]"
        operation = program.main[line]
        k = int(operation.number)
        if operation.op == "delayed":
            return f"choose(past[{2 * k + 1}], *(double *)(ring + past[{2 * k}] + 8 * m), BEFORE)"
        return {
            "state": f"now[{k} * B + m]",
            "lever": f"(levers[{2 * k}] + levers[{2 * k + 1}] * amounts[{k} * B + m])",
        }.get(operation.op)  # fmt: skip

    def inverse(line: int) -> str | None:
        if program.main[line].op != "divide":
            return None
        return f"slots[{kept[plan.prepared[line]]} * B + m]" if line in plan.prepared else None

    actions = []
    for i, line in enumerate(program.rates):
        at = f"[{i} * B + m]"
        actions.append((line, f"next{at} = y{at} + factors[0] * VALUE"))
        actions.append((line, f"sum_next{at} = sum{at} + factors[1] * VALUE"))
    actions += [(line, f"slots[{len(plan.kept) + i} * B + m] = VALUE") for i, line in enumerate(plan.observed)]
    last = [
        (delay.input, f"*(double *)(ring + past[{2 * k}] + 8 * m) = VALUE") for k, delay in enumerate(program.delays)
    ]
    return _chunks("stage", plan, plan.stage, of, inverse, actions, last)


def _function(name: str, lines: Sequence[str]) -> str:
    loop = ["    #pragma omp simd", "    for (int m = 0; m < B; m++) {", *lines, "    }"]
    return f"static __attribute__((noinline)) void {name}({SIGNATURE}) {{\n" + "\n".join(loop) + "\n}"


def _driver(plan: KernelPlan, block: int) -> str:
    size = layout(plan, block)
    whole = {"columns", "past", "snapshot_slots", "integral_slots"}
    fields = []
    for i, name in enumerate(FRAME_FIELDS):
        if name == "opening":
            continue
        if name in FRAME_NUMBERS:
            fields.append(f"    const int64_t {name} = field[{i}];")
        elif name == "ring":
            fields.append(f"    char *{name} = (char *)field[{i}];")
        else:
            fields.append(f"    {'int64_t' if name in whole else 'double'} *{name} = (void *)field[{i}];")
    return f"""
enum {{ N = {size.states}, P = {size.parameters}, L = {size.levers}, T = {size.timed}, D = {size.delays},
       K = {size.kept}, NB = N * B }};
void simulate(const int64_t *field) {{
{chr(10).join(fields)}
    for (int64_t g = 0; g < groups; g++) {{
        const double *par = parameters + g * P * B, *amt = amounts + g * L * B;
        double *low = states + 4 * NB;
        start(slots, par, amt, first, levers, states, states, states, states, states, factors, past, ring);
        memcpy(low, states, NB * sizeof(double));
        memset(running, 0, integral_count * B * sizeof(double));
        for (int64_t s = 0; s < steps; s++) {{
            double *y = states + (s & 1) * NB, *total = states + (1 - (s & 1)) * NB;
            for (int64_t i = 0; i < stages; i++) {{
                int64_t row = s * 3 + columns[i];
                double *after = states + (2 + (i & 1)) * NB, *before = states + (3 - (i & 1)) * NB;
                stage(slots, par, amt, timed + row * T, levers + row * 2 * L, i ? before : y, after, y,
                      i ? total : y, total, factors + 2 * i, past + s * 2 * D, ring + i * B * 8);
                if (i == 0 && s % every == 0)
                    for (int64_t k = 0; k < snapshot_count; k++)
                        memcpy(snapshots + ((g * (saves + 1) + s / every) * snapshot_count + k) * B,
                               slots + (K + snapshot_slots[k]) * B, B * sizeof(double));
                for (int64_t k = 0; k < integral_count; k++) {{
                    double *run = running + k * B, *now = slots + (K + integral_slots[k]) * B;
                    for (int m = 0; m < B; m++) run[m] += factors[2 * i + 1] * now[m];
                }}
            }}
            for (int64_t k = 0; k < NB; k++) low[k] = low[k] < total[k] ? low[k] : total[k];
            if ((s + 1) % every == 0) {{
                memcpy(integrals + (g * (steps / every) + s / every) * integral_count * B, running,
                       integral_count * B * sizeof(double));
                memset(running, 0, integral_count * B * sizeof(double));
            }}
        }}
        double *y = states + (steps & 1) * NB;
        stage(slots, par, amt, timed + steps * 3 * T, levers + steps * 6 * L, y, states + 2 * NB, y, y,
              states + (1 - (steps & 1)) * NB, factors, past + steps * 2 * D, ring);
        for (int64_t k = 0; k < snapshot_count; k++)
            memcpy(snapshots + ((g * (saves + 1) + saves) * snapshot_count + k) * B,
                   slots + (K + snapshot_slots[k]) * B, B * sizeof(double));
        memcpy(lowest + g * NB, low, NB * sizeof(double));
    }}
}}
"""
