// One chart as SVG: data with their errors, history, the two cases with their fans, goals. Drawn here and not by a
// library: what it needs is scales, lines and bands, and no small library comes as a Python package.

const FRAME = { width: 340, height: 196, left: 46, right: 12, top: 10, bottom: 24 };
const LARGE = { ...FRAME, width: 680, height: 330 };

// `spec`: outcome, place (its index), years, lines [{role: "against" | "current", central, bands}], goals.
// Bands are by level and year, in stored units, or null while there are none.
function drawChart(spec, frame = FRAME) {
  const { outcome, years, lines, goals } = spec;
  const scale = outcome.words[reader.language].scale;
  const { width, height, left, right, top, bottom } = frame;
  const points = withinReach(outcome.observed, lines).filter((p) => p.year >= years[0] && p.year <= years[years.length - 1]);
  const [low, high] = heights(lines, points, goals, scale);
  const x = linear([years[0], years[years.length - 1] + 0.4], [left, width - right]);
  const y = linear([low, high], [height - bottom, top]);
  const at = (value) => y(value * scale).toFixed(1);
  const marks = ticks(low, high, 4);
  const parts = [];
  for (const mark of marks) {
    parts.push(drawn("line", { class: "grid", x1: left, x2: width - right, y1: y(mark), y2: y(mark) }));
    const text = tickText(mark, marks.length > 1 ? marks[1] - marks[0] : 1);
    parts.push(drawn("text", { class: "tick", x: left - 6, y: y(mark) + 4, "text-anchor": "end" }, text));
  }
  const every = years.length > 24 ? 10 : 5;
  for (const year of years.filter((one) => one % every === 0)) {
    parts.push(drawn("text", { class: "tick", x: x(year), y: height - 7, "text-anchor": "middle" }, String(year)));
  }
  const begins = x(data.policyFrom - 0.5);
  parts.push(drawn("line", { class: "now", x1: begins, x2: begins, y1: top, y2: height - bottom }));
  for (const { role, bands } of lines) {
    if (!bands) continue;
    for (const [lower, upper, kind] of [[0, 4, "wide"], [1, 3, "narrow"]]) {
      const upward = years.map((year, i) => `${x(year).toFixed(1)},${at(bands[upper][i])}`);
      const downward = years.map((year, i) => `${x(year).toFixed(1)},${at(bands[lower][i])}`).reverse();
      const finite = bands[lower].every(Number.isFinite) && bands[upper].every(Number.isFinite);
      if (finite) parts.push(drawn("polygon", { class: `band ${kind} ${role}`, points: [...upward, ...downward].join(" ") }));
    }
  }
  for (const { role, central } of lines) {
    const path = years.flatMap((year, i) => (Number.isFinite(central[i]) ? [`${x(year).toFixed(1)},${at(central[i])}`] : []));
    parts.push(drawn("polyline", { class: `line ${role}`, points: path.join(" ") }));
  }
  for (const goal of goals) {
    const end = Math.min(x(goal.year + 0.8), width - right);
    parts.push(drawn("line", { class: "goal", x1: x(goal.year - 0.8), x2: end, y1: at(goal.value), y2: at(goal.value) }));
    const text = say("goal {year}: {goal}", { year: goal.year, goal: say(goal.short) });
    const below = y(goal.value * scale) < top + 14;
    const place = Number(at(goal.value)) + (below ? 13 : -5);
    parts.push(drawn("text", { class: "goaltext", x: end, y: place, "text-anchor": "end" }, text));
  }
  for (const point of points) {
    const fitted = point.role === "fit" || point.role === "input";
    const px = x(point.year);
    if (point.high > point.low) {
      parts.push(drawn("line", { class: "error", x1: px, x2: px, y1: at(point.low), y2: at(point.high) }));
    }
    const py = Number(at(point.value));
    const shape = point.floor
      ? drawn("polygon", { class: "point open", points: `${px - 3},${py + 2.5} ${px + 3},${py + 2.5} ${px},${py - 3}` })
      : drawn("circle", { class: fitted ? "point" : "point open", cx: px, cy: py, r: 2.6 });
    parts.push(shape);
  }
  parts.push(drawn("line", { class: "cursor", x1: 0, x2: 0, y1: top, y2: height - bottom, visibility: "hidden" }));
  const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "chart" }, parts);
  const cursor = svg.querySelector(".cursor");
  const point = (at) => {
    cursor.setAttribute("visibility", at === null ? "hidden" : "visible");
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, x(years[at ?? 0]));
  };
  return { svg, point, yearAt: (share) => nearestYear(years, x, share * width) };
}

function nearestYear(years, x, place) {
  return years.reduce((best, _, i) => (Math.abs(x(years[i]) - place) < Math.abs(x(years[best]) - place) ? i : best), 0);
}

// A figure the model is only checked against may count another thing altogether: what would flatten the chart is left
// to the table.
function withinReach(observed, lines) {
  const most = Math.max(...lines.flatMap(({ central }) => [...central].filter(Number.isFinite)));
  return observed.filter((point) => point.role === "fit" || point.role === "input" || point.value <= 2 * most || most <= 0);
}

// From 0 where the lines come near it: a share that moves between 57 and 75 % would lie flat.
function heights(lines, points, goals, scale) {
  const values = [
    ...lines.flatMap(({ central, bands }) => [...central, ...(bands ? [...bands[0], ...bands[4]] : [])]),
    ...points.flatMap((point) => [point.low, point.high]),
    ...goals.map((goal) => goal.value),
  ].filter(Number.isFinite).map((value) => value * scale);
  if (!values.length) return [0, 1];
  let low = values.reduce((a, b) => Math.min(a, b));
  let high = values.reduce((a, b) => Math.max(a, b));
  const room = 0.06 * (high - low || Math.abs(high) || 1);
  high += room;
  if (low >= 0 && low < 0.55 * high) low = 0;
  else low -= room;
  return [low, high];
}
