// What stands behind an outcome: its chart at large, equation, causes, data and sources, how well it was foretold.

const shown = { answers: null, trail: [] };

function openDetail(name, scalar = null) {
  const dialog = byId("detail");
  if (!dialog.open) shown.trail = [];
  shown.trail.push([name, scalar]);
  drawDetail();
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

function drawDetail() {
  const [name, scalar] = shown.trail[shown.trail.length - 1];
  const outcome = scalar && outcomeNamed(scalar);
  const variable = data.variables[name];
  const title = outcome ? outcome.words[reader.language].label : name.replaceAll("_", " ");
  const back = shown.trail.length > 1 ? element("button", { type: "button", onclick: goBack }, say("Back")) : null;
  byId("detail").replaceChildren(
    element("form", { method: "dialog", class: "bar" }, back, element("button", { autofocus: true }, say("Close"))),
    element("h2", { id: "detail-title" }, title),
    ...(variable ? variableTold(name, variable, outcome) : inputTold(name)),
  );
}

function goBack() {
  shown.trail.pop();
  drawDetail();
}

function fact(title, ...content) {
  return element("section", {}, element("h3", {}, say(title)), ...content);
}

function english(text) {
  return element("p", languageOf(text), say(text));
}

function variableTold(name, variable, outcome) {
  const parts = [english(variable.doc), element("p", { class: "names" }, `${name} · ${say(variable.kind)} · ${variable.unit} · ${variable.sector}`)];
  if (outcome) parts.push(...largeChart(outcome));
  parts.push(fact("Equation", element("pre", { tabindex: "0", lang: "en" }, variable.kind === "stock" ? variable.equation : `${name} = ${variable.equation}`)));
  if (variable.causes.length) parts.push(fact("Causes", causesOf(variable)));
  if (outcome?.observed.length) parts.push(fact("Data and sources", observedTable(outcome)));
  if (outcome?.record) parts.push(fact("Track record", element("p", {}, outcome.record[reader.language] ?? outcome.record.en)));
  if (outcome) parts.push(fact("Table", valuesTable(outcome, linesOf(placeOf(outcome.scalar), shown.answers))));
  return parts;
}

function largeChart(outcome) {
  const place = placeOf(outcome.scalar);
  const lines = linesOf(place, shown.answers);
  const { svg } = drawChart({ outcome, years: data.years, lines, goals: goalsOf(outcome.scalar) }, LARGE);
  svg.setAttribute("aria-label", chartTold(outcome, place, shown.answers));
  return [element("p", { class: "reading" }, readingOf(differenceTold(outcome, place, shown.answers))), svg];
}

function causesOf(variable) {
  return element("ul", { class: "causes" }, variable.causes.map((cause) => {
    const told = data.variables[cause] ?? data.inputs[cause] ?? data.levers[cause.replace(/_set$/, "")];
    const own = data.outcomes.find((outcome) => outcome.scalar === cause);
    const open = () => openDetail(cause, own ? cause : null);
    return element("li", {}, element("button", { type: "button", class: "link", onclick: open }, cause),
      element("span", languageOf(told?.doc ?? ""), told ? ` ${say(told.doc)}` : ""));
  }));
}

function inputTold(name) {
  const lever = data.levers[name.replace(/_set$/, "")];
  if (lever) {
    return [english(lever.doc), lever.why ? english(lever.why) : null,
      element("p", { class: "names" }, `${name} · ${say("lever")} · ${lever.bounds.join(" … ")} ${lever.unit}`), english(lever.rests)].filter(Boolean);
  }
  const input = data.inputs[name];
  if (!input) return [element("p", {}, name)];
  const value = input.value === null ? "" : typeof input.value === "number" ? String(tidy(input.value)) : JSON.stringify(input.value);
  return [english(input.doc), element("p", { class: "names" }, `${name} · ${say(input.kind)} · ${input.unit}`),
    value ? fact("Value", element("pre", { tabindex: "0" }, value)) : null, input.rests ? fact("What it rests on", english(input.rests)) : null].filter(Boolean);
}

function observedTable(outcome) {
  const head = [say("Year"), say("Value"), say("± 1 sd"), say("Use"), say("Source")];
  const rows = outcome.observed.map((point) => element("tr", {},
    element("th", { scope: "row" }, String(point.year)),
    element("td", {}, `${point.floor ? "≥ " : ""}${level(point.value, outcome)}`),
    element("td", {}, point.high > point.low ? rangeTold(level(point.low, outcome), level(point.high, outcome)) : ""),
    element("td", {}, say(point.role)),
    element("td", { class: "text", lang: "en" }, point.sources.join("; "))));
  const table = element("table", {}, element("thead", {}, element("tr", {}, head.map((text) => element("th", { scope: "col" }, text)))), element("tbody", {}, rows));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Data and sources") }, table);
}
