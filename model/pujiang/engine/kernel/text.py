"""The text of one LLVM function: values numbered as they are written, loops closed by themselves."""

import re
import struct
from collections.abc import Callable


def bits_of(value: float) -> int:
    """The 64 bits of a double."""
    bits: int = struct.unpack("<Q", struct.pack("<d", value))[0]
    return bits


def definitions(functions: str, width: int) -> str:
    """The vector constants that functions load: an instruction reads them where they stand, at no cost."""
    names = sorted(set(re.findall(r"@k([0-9a-f]{16})", functions)))
    kind = f"<{width} x i64>"
    return "\n".join(
        f"@k{name} = private unnamed_addr constant {kind} "
        f"<{', '.join([f'i64 {int(name, 16)}'] * width)}>, align {8 * width}"
        for name in names
    )


class Text:
    """The body of a function that computes on vectors of `width` doubles."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.vector = f"<{width} x double>"
        self.bits = f"<{width} x i64>"
        self.mask = f"<{width} x i1>"
        self.lines: list[str] = ["entry:"]
        self._block = "entry"
        self._count = 0

    # The three ways to write a line.

    def value(self, instruction: str) -> str:
        """A new value; the instruction is everything right of the equals sign."""
        self._count += 1
        self.lines.append(f"  %v{self._count} = {instruction}")
        return f"%v{self._count}"

    def do(self, instruction: str) -> None:
        """An instruction without a value."""
        self.lines.append(f"  {instruction}")

    def loop(self, count: str, body: Callable[[str], None]) -> None:
        """Repeat `body(index)` for the indices 0 up to `count` (an i64 value)."""
        self._count += 1
        k, before, index = self._count, self._block, f"%i{self._count}"
        self.lines += [
            f"  br label %head{k}",
            f"head{k}:",
            f"  {index} = phi i64 [ 0, %{before} ], [ %next{k}, %latch{k} ]",
            f"  %more{k} = icmp ult i64 {index}, {count}",
            f"  br i1 %more{k}, label %body{k}, label %exit{k}",
            f"body{k}:",
        ]
        self._block = f"body{k}"
        body(index)
        self.lines += [
            f"  br label %latch{k}",
            f"latch{k}:",
            f"  %next{k} = add nuw nsw i64 {index}, 1",
            f"  br label %head{k}",
            f"exit{k}:",
        ]
        self._block = f"exit{k}"

    def when(self, condition: str, body: Callable[[], None]) -> None:
        """Do `body` only if an i1 value holds."""
        self._count += 1
        k = self._count
        self.lines += [f"  br i1 {condition}, label %then{k}, label %after{k}", f"then{k}:"]
        self._block = f"then{k}"
        body()
        self.lines += [f"  br label %after{k}", f"after{k}:"]
        self._block = f"after{k}"

    # Whole numbers and addresses.

    def integer(self, op: str, a: str | int, b: str | int) -> str:
        """An operation on 64-bit integers: add, sub, mul, udiv, urem, and, ..."""
        return self.value(f"{op} i64 {a}, {b}")

    def place(self, base: str, bytes_on: str | int) -> str:
        """The address a number of bytes on from a base."""
        return self.value(f"getelementptr inbounds i8, ptr {base}, i64 {bytes_on}")

    def load(self, kind: str, address: str) -> str:
        """A scalar from memory."""
        return self.value(f"load {kind}, ptr {address}, align 8")

    def load_vector(self, address: str) -> str:
        """A vector from memory aligned to its size."""
        return self.value(f"load {self.vector}, ptr {address}, align {8 * self.width}")

    def store_vector(self, value: str, address: str) -> None:
        """A vector into memory aligned to its size."""
        self.do(f"store {self.vector} {value}, ptr {address}, align {8 * self.width}")

    def broadcast(self, scalar: str) -> str:
        """A vector with one double in every lane."""
        first = self.value(f"insertelement {self.vector} poison, double {scalar}, i64 0")
        lanes = f"<{self.width} x i32> zeroinitializer"
        return self.value(f"shufflevector {self.vector} {first}, {self.vector} poison, {lanes}")

    # Vectors.

    def constant(self, number: float) -> str:
        """A vector constant."""
        bits = bits_of(number)
        return "zeroinitializer" if bits == 0 else self._constant(bits, self.vector)

    def _constant(self, bits: int, kind: str) -> str:
        return self.value(f"load {kind}, ptr @k{bits:016x}, align {8 * self.width}, !invariant.load !0")

    def float(self, op: str, a: str, b: str) -> str:
        """fadd, fsub, fmul or fdiv; a product and a sum may become one fused operation."""
        return self.value(f"{op} contract {self.vector} {a}, {b}")

    def fused(self, a: str, b: str, c: str) -> str:
        """a * b + c, with one rounding where the processor can."""
        kind = self.vector
        return self.value(f"call {kind} @llvm.fmuladd.v{self.width}f64({kind} {a}, {kind} {b}, {kind} {c})")

    def unary(self, intrinsic: str, a: str) -> str:
        """sqrt or fabs, lane by lane."""
        return self.value(f"call {self.vector} @llvm.{intrinsic}.v{self.width}f64({self.vector} {a})")

    def compare(self, relation: str, a: str, b: str) -> str:
        """A mask: olt, ole, oeq, une, uno, ... (o: false for what is not a number, u: true)."""
        return self.value(f"fcmp {relation} {self.vector} {a}, {b}")

    def select(self, mask: str, a: str, b: str) -> str:
        """`a` where the mask holds, else `b`."""
        return self.value(f"select {self.mask} {mask}, {self.vector} {a}, {self.vector} {b}")

    def lesser(self, a: str, b: str) -> str:
        """The smaller; `b` where either is not a number (one instruction on most processors)."""
        return self.select(self.compare("olt", a, b), a, b)

    def greater(self, a: str, b: str) -> str:
        """The larger; `b` where either is not a number."""
        return self.select(self.compare("ogt", a, b), a, b)

    def minimum(self, a: str, b: str) -> str:
        """The smaller; not a number where either is none."""
        return self.select(self.compare("uno", a, a), a, self.lesser(a, b))

    def maximum(self, a: str, b: str) -> str:
        """The larger; not a number where either is none."""
        return self.select(self.compare("uno", a, a), a, self.greater(a, b))

    def as_bits(self, a: str) -> str:
        """The bits of a vector of doubles."""
        return self.value(f"bitcast {self.vector} {a} to {self.bits}")

    def as_doubles(self, a: str) -> str:
        """The doubles with given bits."""
        return self.value(f"bitcast {self.bits} {a} to {self.vector}")

    def on_bits(self, op: str, a: str, number: int) -> str:
        """An integer operation with a constant, lane by lane."""
        return self.value(f"{op} {self.bits} {a}, {self._constant(number, self.bits)}")

    def shifted(self, op: str, a: str, places: int) -> str:
        """Bits moved left (shl) or right (lshr)."""
        return self.value(f"{op} {self.bits} {a}, <{', '.join([f'i64 {places}'] * self.width)}>")

    def written(self, signature: str) -> str:
        """The whole function."""
        return "\n".join([f"define {signature} {{", *self.lines, "  ret void", "}"])


def declarations(width: int) -> str:
    """The intrinsic functions a text may call."""
    v = f"<{width} x double>"
    unary = "\n".join(f"declare {v} @llvm.{name}.v{width}f64({v})" for name in ("sqrt", "fabs"))
    return f"declare {v} @llvm.fmuladd.v{width}f64({v}, {v}, {v})\n{unary}\n!0 = !{{}}"
