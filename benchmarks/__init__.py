"""Side-by-side measurements of the engine: `python -m benchmarks` writes docs/benchmarks.md. Never a timed test."""
