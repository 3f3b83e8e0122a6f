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
  if (answers.same) return { levels: `${level(now, outcome)} ${unit}`, change: "", band: bandTold(outcome, answers.current.bands?.[place], at) };
  const before = courseOf(answers.against.central, place)[at];
  const change = difference(now, before, outcome);
  const band = answers.differences?.[place];
  return {
    levels: `${level(before, outcome)} → ${level(now, outcome)} ${unit}`,
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
  const line = (role, answer) => ({ role, central: courseOf(answer.central, place), bands: answer.bands?.[place] ?? null });
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

function panel(scalar, answers) {
  const outcome = outcomeNamed(scalar);
  const place = placeOf(scalar);
  const words = outcome.words[reader.language];
  const spec = { outcome, years: data.years, lines: linesOf(place, answers), goals: goalsOf(scalar) };
  const { svg, yearAt, x } = drawChart(spec);
  svg.setAttribute("aria-label", chartTold(outcome, place, answers));
  const told = differenceTold(outcome, place, answers);
  const reading = element("p", { class: "reading" }, readingOf(told));
  const follow = (event) => {
    const box = svg.getBoundingClientRect();
    const at = yearAt((event.clientX - box.left) / box.width);
    const cursor = svg.querySelector(".cursor");
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, x(data.years[at]));
    cursor.setAttribute("visibility", "visible");
    reading.replaceChildren(...yearTold(outcome, spec.lines, at));
  };
  const leave = () => {
    svg.querySelector(".cursor").setAttribute("visibility", "hidden");
    reading.replaceChildren(...readingOf(told));
  };
  svg.addEventListener("pointermove", follow);
  svg.addEventListener("pointerleave", leave);
  const title = element("button", { class: "title", type: "button", onclick: () => openDetail(outcome.name, scalar) }, words.label);
  return element(
    "article",
    { class: "panel", "data-outcome": scalar },
    element("h4", {}, title, element("span", { class: "unit" }, words.unit)),
    reading,
    svg,
    tableOf(outcome, spec.lines),
  );
}

function readingOf(told) {
  return [
    element("span", { class: "year" }, `${state.year}: `),
    told.levels,
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
  const details = element("details", { class: "table" }, element("summary", {}, say("Table"), element("span", { class: "hidden" }, ` ${label}`)));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(valuesTable(outcome, lines));
  });
  return details;
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

function drawPanels(answers) {
  const open = new Set([...document.querySelectorAll(".panel details[open]")].map((one) => one.closest(".panel").dataset.outcome));
  const groups = state.shown.filter((group) => group.outcomes.length).map((group) =>
    element(
      "section",
      { class: "group" },
      element("h3", {}, say(group.title)),
      element("div", { class: "panels" }, group.outcomes.map((scalar) => panel(scalar, answers))),
    ),
  );
  byId("panels").replaceChildren(...groups);
  for (const one of document.querySelectorAll(".panel")) {
    if (open.has(one.dataset.outcome)) one.querySelector("details").open = true;
  }
}
