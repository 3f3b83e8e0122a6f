// Quantiles over members, as NumPy takes them: straight between order statistics; what is not finite is left out.

const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95];

function quantiles(values) {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length < 2) return LEVELS.map((level) => (level === 0.5 && sorted.length ? sorted[0] : NaN));
  return LEVELS.map((level) => {
    const place = (sorted.length - 1) * level;
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
  });
}
