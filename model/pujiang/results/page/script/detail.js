// What stands behind an outcome: its chart at large, diagram, equation, causes, data and sources, how well it was
// foretold; and, one leading to the other, what stands behind variables and inputs, sectors and loops.

const shown = { answers: null, trail: [] };

function openNamed(name) {
  openDetail(name, outcomeNamed(name) ? name : null);
}

function openDetail(name, scalar = null) {
  openView(() => {
    const outcome = scalar && outcomeNamed(scalar);
    const variable = data.variables[name];
    const title = outcome ? outcome.words[reader.language].label : nameOf(name);
    return [title, variable ? variableTold(name, variable, outcome) : inputTold(name)];
  });
}

function openSector(sector) {
  const title = capitalised(inWords(sector));
  const names = drawnVariables().filter(([, variable]) => variable.sector === sector).map(([name]) => name);
  openView(() => [title, [diagramOf("sector", sector, title), fact("Variables", namesList(names))]]);
}

function openLoop(code) {
  const title = `${code} ${loopInWords(code)}`;
  openView(() => [title, [english(data.loops[code].doc), diagramOf("loop", code, title), fact("Variables", namesList(data.loops[code].through))]]);
}

// A view is a function that gives a title and what stands below it.
function openView(view) {
  const dialog = byId("detail");
  if (!dialog.open) shown.trail = [];
  shown.trail.push(view);
  if (!dialog.open) dialog.showModal();
  drawDetail();
}

function drawDetail() {
  const [title, parts] = shown.trail.at(-1)();
  const back = shown.trail.length > 1 ? element("button", { type: "button", onclick: goBack }, say("Back")) : null;
  const close = element("button", { autofocus: true }, say("Close"));
  const dialog = byId("detail");
  dialog.replaceChildren(
    element("form", { method: "dialog", class: "bar" }, back, close),
    element("h2", { id: "detail-title" }, title),
    ...parts,
  );
  dialog.scrollTop = 0;
  close.focus();
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
  const sector = capitalised(inWords(variable.sector));
  const parts = [english(variable.doc), element("p", { class: "names" }, `${name} · ${say(variable.kind)} · ${variable.unit} · `,
    data.sectors.includes(variable.sector) ? linkTo(sector, () => openSector(variable.sector)) : sector)];
  if (outcome) parts.push(...largeChart(outcome));
  if (data.outcomes.some((one) => one.name === name)) parts.push(diagramOf("around", name, say("What moves it, and what it moves"), name));
  else if (data.sectors.includes(variable.sector) && variable.kind !== "initial") parts.push(diagramOf("sector", variable.sector, sector, name));
  parts.push(fact("Equation", element("pre", { tabindex: "0", lang: "en" }, variable.kind === "stock" ? variable.equation : `${name} = ${variable.equation}`)));
  if (variable.causes.length) parts.push(fact("Causes", namesList(variable.causes)));
  parts.push(...effectsTold(name));
  const loops = Object.keys(data.loops).filter((code) => data.loops[code].through.includes(name));
  if (loops.length) parts.push(fact("Feedback loops", element("ul", { class: "causes" }, loops.map((code) =>
    element("li", {}, linkTo(`${code} ${loopInWords(code)}`, () => openLoop(code)))))));
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

// What reads a variable or input, where something does.
function effectsTold(name) {
  const effects = drawnVariables().filter(([, variable]) => variable.causes.includes(name)).map(([effect]) => effect);
  return effects.length ? [fact("Effects", namesList(effects))] : [];
}

function namesList(names) {
  return element("ul", { class: "causes" }, names.map((name) => {
    const told = data.variables[name] ?? data.inputs[name] ?? data.levers[name.replace(/_set$/, "")];
    const called = nameOf(name) === name.replaceAll("_", " ") ? name : `${nameOf(name)} ${name}`;
    return element("li", {}, linkTo(called, () => openNamed(name)),
      element("span", languageOf(told?.doc ?? ""), told ? ` ${say(told.doc)}` : ""));
  }));
}

function linkTo(words, open) {
  return element("button", { type: "button", class: "link", onclick: open }, words);
}

function inputTold(name) {
  const lever = data.levers[name.replace(/_set$/, "")];
  if (lever) {
    return [english(lever.doc), lever.why ? english(lever.why) : null,
      element("p", { class: "names" }, `${name} · ${say("lever")} · ${lever.bounds.join(" … ")} ${lever.unit}`), english(lever.rests), ...effectsTold(name)].filter(Boolean);
  }
  const input = data.inputs[name];
  if (!input) return [element("p", {}, name)];
  const value = input.value === null ? "" : typeof input.value === "number" ? String(tidy(input.value)) : JSON.stringify(input.value);
  return [english(input.doc), element("p", { class: "names" }, `${name} · ${say(input.kind)} · ${input.unit}`),
    value ? fact("Value", element("pre", { tabindex: "0" }, value)) : null, input.rests ? fact("What it rests on", english(input.rests)) : null,
    ...effectsTold(name)].filter(Boolean);
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
