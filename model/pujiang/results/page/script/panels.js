// The small multiples: a panel an outcome, with its difference, its chart and its table.

const LAST = () => data.years.indexOf(state.year);

function outcomeNamed(scalar) {
  return data.outcomes.find((outcome) => outcome.scalar === scalar);
}

function placeOf(scalar) {
  return data.outcomes.findIndex((outcome) => outcome.scalar === scalar);
}

function courseOf(run, place) {
  return run.subarray(place * data.years.length, (place + 1) * data.years.length);
}

// "2030: 40.4 → 0.0, −100 % (−100 to −98)": of both cases, with the band of the difference where there is one.
function differenceTold(outcome, place, answers) {
  const at = LAST();
  const now = courseOf(answers.current.central, place)[at];
  const unit = unitOf(outcome);
  if (answers.same) return { levels: `${level(now, outcome)} ${unit}`, bare: level(now, outcome), change: "", band: bandTold(outcome, answers.current.bands(place), at) };
  const before = courseOf(answers.against.central, place)[at];
  const change = difference(now, before, outcome);
  const band = answers.differences(place);
  return {
    levels: `${level(before, outcome)} → ${level(now, outcome)} ${unit}`,
    bare: `${level(before, outcome)} → ${level(now, outcome)}`,
    change: signed(change, outcome),
    size: Math.abs((now - before) / (before || 1)),
    rises: now > before,
    band: band && Number.isFinite(band[0]) ? rangeTold(signed(band[0], outcome, false), signed(band[4], outcome, false)) : "",
  };
}

function rangeTold(low, high) {
  return low === high ? "" : say("{low} to {high}", { low, high });
}

function bandTold(outcome, bands, at) {
  if (!bands || !Number.isFinite(bands[0][at])) return "";
  return rangeTold(level(bands[0][at], outcome), level(bands[4][at], outcome));
}

function linesOf(place, answers) {
  const line = (role, answer) => ({ role, central: courseOf(answer.central, place), bands: answer.bands(place) });
  const current = line("current", answers.current);
  return answers.same ? [current] : [line("against", answers.against), current];
}

function goalsOf(scalar) {
  return data.goals.filter((goal) => goal.outcome === scalar && goal.base_year === null && goal.year <= data.years[data.years.length - 1]);
}

// What a chart shows, for those who cannot see it.
function chartTold(outcome, place, answers) {
  const told = differenceTold(outcome, place, answers);
  const band = told.band ? say(", 90 % between {band}", { band: told.band }) : "";
  const change = told.change ? `, ${told.change}` : "";
  return `${outcome.words[reader.language].label}, ${state.year}: ${told.levels}${change}${band}`;
}

// A panel: what stays, and `draw`, which puts the answers in.
function panel(scalar) {
  const outcome = outcomeNamed(scalar);
  const place = placeOf(scalar);
  const words = outcome.words[reader.language];
  const reading = element("p", { class: "reading" });
  const chart = element("div", { class: "picture" });
  const now = { lines: [], picture: null, told: null };
  const table = tableOf(outcome, () => now.lines);
  const title = element("button", { class: "title", type: "button", onclick: () => openDetail(outcome.name, scalar) }, words.label);
  const heading = element("h4", {}, title, element("span", { class: "unit" }, words.unit));
  const whole = element("article", { class: "panel", "data-outcome": scalar }, heading, reading, chart, table.whole);
  chart.addEventListener("pointermove", (event) => {
    if (!now.picture) return; // not drawn yet
    const box = chart.getBoundingClientRect();
    const at = now.picture.yearAt((event.clientX - box.left) / box.width);
    now.picture.point(at);
    reading.replaceChildren(...yearTold(outcome, now.lines, at));
  });
  chart.addEventListener("pointerleave", () => {
    if (!now.picture) return;
    now.picture.point(null);
    reading.replaceChildren(...readingOf(now.told));
  });
  const draw = (answers) => {
    now.lines = linesOf(place, answers);
    now.told = differenceTold(outcome, place, answers);
    now.picture = drawChart({ outcome, years: data.years, lines: now.lines, goals: goalsOf(scalar) });
    now.picture.svg.setAttribute("aria-label", chartTold(outcome, place, answers));
    chart.replaceChildren(now.picture.svg);
    reading.replaceChildren(...readingOf(now.told));
    table.renew();
  };
  return { whole, draw, stale: true, seen: false };
}

function readingOf(told) {
  return [
    element("span", { class: "year" }, `${state.year}: `),
    told.bare,
    told.change ? element("strong", { class: told.rises ? "rises" : "falls" }, ` ${told.change}`) : null,
    told.band ? element("span", { class: "range" }, ` (${told.band})`) : null,
  ].filter(Boolean);
}

function yearTold(outcome, lines, at) {
  const parts = lines.map(({ role, central, bands }) => {
    const range = bandTold(outcome, bands, at);
    return element("span", { class: `of ${role}` }, ` ${level(central[at], outcome)}${range ? ` (${range})` : ""} `);
  });
  const seen = outcome.observed.filter((point) => point.year === data.years[at]);
  const data_ = seen.length ? element("span", { class: "range" }, ` ${say("data")} ${seen.map((p) => level(p.value, outcome)).join(", ")}`) : null;
  return [element("span", { class: "year" }, `${data.years[at]}: `), ...parts, data_].filter(Boolean);
}

// The table of a chart, made when it is opened.
function tableOf(outcome, lines) {
  const label = outcome.words[reader.language].label;
  const summary = element("summary", {}, say("Table"), element("span", { class: "hidden" }, ` ${label}`));
  const whole = element("details", { class: "table" }, summary);
  const renew = () => whole.replaceChildren(summary, ...(whole.open ? [valuesTable(outcome, lines())] : []));
  whole.addEventListener("toggle", renew);
  return { whole, renew };
}

function valuesTable(outcome, lines) {
  const name = (role) => titleOf(role === "current" ? state.current : state.against);
  const heads = lines.flatMap(({ role, bands }) => [name(role), ...(bands ? [say("90 % of members")] : [])]);
  const rows = data.years.map((year, i) => {
    const cells = lines.flatMap(({ central, bands }) => [level(central[i], outcome), ...(bands ? [bandTold(outcome, bands, i)] : [])]);
    const seen = outcome.observed.filter((point) => point.year === year).map((point) => level(point.value, outcome));
    return element("tr", {}, element("th", { scope: "row" }, String(year)), [...cells, seen.join(", ")].map((cell) => element("td", {}, cell)));
  });
  const head = element("tr", {}, [say("Year"), ...heads, say("Data")].map((text) => element("th", { scope: "col" }, text)));
  const caption = element("caption", {}, `${outcome.words[reader.language].label}, ${unitOf(outcome)}`);
  const table = element("table", {}, caption, element("thead", {}, head), element("tbody", {}, rows));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption.textContent }, table);
}

// The panels as they stand. Those in view are drawn at once, the others when there is time, or when they come into view.
const standing = { panels: new Map(), answers: null, later: 0 };

const watch = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const one = standing.panels.get(entry.target);
    if (!one) continue;
    one.seen = entry.isIntersecting;
    if (one.seen && one.stale) drawPanel(one);
  }
}, { rootMargin: "100px" });

function buildPanels() {
  watch.disconnect();
  standing.panels = new Map();
  const groups = state.shown.filter((group) => group.outcomes.length).map((group) => {
    const panels = group.outcomes.map((scalar) => panel(scalar));
    panels.forEach((one) => standing.panels.set(one.whole, one));
    return element("section", { class: "group" }, element("h3", {}, say(group.title)),
      element("div", { class: "panels" }, panels.map((one) => one.whole)));
  });
  byId("panels").replaceChildren(...groups);
  for (const whole of standing.panels.keys()) watch.observe(whole);
}

function drawPanel(one) {
  one.draw(standing.answers);
  one.stale = false;
}

function drawPanels(answers) {
  standing.answers = answers;
  for (const one of standing.panels.values()) {
    one.stale = true;
    if (one.seen) drawPanel(one);
  }
  clearTimeout(standing.later);
  standing.later = setTimeout(drawRest, 300);
}

// One panel after the other, so that nothing waits for them.
function drawRest() {
  const one = [...standing.panels.values()].find((panel_) => panel_.stale);
  if (!one) return;
  drawPanel(one);
  standing.later = setTimeout(drawRest, 0);
}

function drawEveryPanel() {
  for (const one of standing.panels.values()) if (one.stale) drawPanel(one);
}

addEventListener("beforeprint", drawEveryPanel);
