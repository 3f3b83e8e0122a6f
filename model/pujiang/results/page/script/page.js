// The page itself: what stands where, and what follows from a change: the central line at once, the fans behind it.

const REST = 120; // milliseconds without a move before members are run
const REDRAW = 200; // milliseconds between redraws while members arrive

const ensemble = ensembleOf();
const errorOf = errorsOf();
const computed = new Map(); // by key: inputs, central run
const timers = { rest: 0, redraw: 0, frame: 0, link: 0 };
const moving = { now: false };

function answerTo(one) {
  const key = keyOf(one);
  if (!computed.has(key)) {
    const inputs = caseInputs(program, data.grid, data.levers, data.series, one.settings);
    const timed = timedValues(program, data.grid, inputs);
    const central = simulate(program, data.grid, memberParameters(ensemble, 0, one.parameters), inputs, timed);
    computed.set(key, { key, inputs, timed, fixed: one.parameters, central });
    if (computed.size > 40) computed.delete(computed.keys().next().value);
  }
  return computed.get(key);
}

// Bands of a fan by level and year; kept with it until more members have arrived.
function bandsOf(fan, place) {
  const kept = (fan.bands ??= new Map());
  if (fan.bandsAt !== fan.done) kept.clear();
  fan.bandsAt = fan.done;
  if (!kept.has(place)) {
    const arrived = [...fan.runs.keys()].filter((k) => fan.runs[k]);
    const level = (k, i) => fan.runs[k][place * data.years.length + i] * errorOf(place, k, i);
    const byYear = data.years.map((_, i) => quantiles(Float64Array.from(arrived, (k) => level(k, i))));
    kept.set(place, LEVELS.map((_, q) => byYear.map((found) => found[q])));
  }
  return kept.get(place);
}

const FEWEST = 20; // members a band is drawn of

// The central runs of the two cases, and what the members that have arrived say of an outcome, when it is asked.
function answersNow() {
  const [current, against] = [state.current, state.against].map((one) => {
    const answer = { ...answerTo(one) };
    answer.fan = pool.fan(answer.key);
    const enough = answer.fan && answer.fan.done >= Math.min(FEWEST, pool.draws) && answer.fan.done > 1;
    answer.bands = (place) => (enough ? bandsOf(answer.fan, place) : null);
    return answer;
  });
  const same = current.key === against.key;
  return { current, against, same, differences: (place) => (same ? null : differenceBand(current, against, place)) };
}

// Quantiles of the difference in the chosen year: each member with itself.
function differenceBand(current, against, place) {
  if (!current.bands(place) || !against.bands(place)) return null;
  const both = [...current.fan.runs.keys()].filter((k) => current.fan.runs[k] && against.fan.runs[k]);
  if (both.length < Math.min(FEWEST, pool.draws)) return null;
  const at = place * data.years.length + LAST();
  const outcome = data.outcomes[place];
  return quantiles(Float64Array.from(both, (k) => difference(current.fan.runs[k][at], against.fan.runs[k][at], outcome)));
}

const pool = fanPool(ensemble, () => {
  if (!timers.redraw) timers.redraw = setTimeout(drawFans, REDRAW);
});

function drawFans() {
  timers.redraw = 0;
  if (!moving.now) draw();
}

function wantFans() {
  moving.now = false;
  const [current, against] = [answerTo(state.current), answerTo(state.against)];
  pool.want(current.key === against.key ? [current] : [current, against]);
  draw();
}

function draw() {
  const answers = answersNow();
  shown.answers = answers;
  drawChanges(answers);
  drawPanels(answers);
  drawGoals(answers);
  drawNames(answers);
}

function drawNames(answers) {
  const [now, before] = [titleOf(state.current), titleOf(state.against)];
  byId("caption").textContent = answers.same ? now : say("{now}, against {before}", { now, before });
  byId("key-current").textContent = now;
  byId("key-against").textContent = before;
  byId("key-against").parentElement.hidden = answers.same;
  const preset = data.scenarios.find((scenario) => keyOf(scenario) === answers.current.key);
  const meaning = preset ? say(preset.meaning) : "";
  byId("meaning").textContent = meaning;
  byId("meaning").lang = preset && languageOf(preset.meaning).lang ? "en" : reader.language;
  for (const button of document.querySelectorAll("[data-scenario]")) {
    button.setAttribute("aria-pressed", String(preset?.name === button.dataset.scenario));
  }
  for (const button of document.querySelectorAll("[data-shock]")) {
    const shock = data.shocks.find((one) => one.name === button.dataset.shock);
    button.setAttribute("aria-pressed", String(hasShock(shock)));
  }
  byId("undo").disabled = !past.undo.length;
  byId("redo").disabled = !past.redo.length;
  byId("reset").disabled = preset === data.scenarios[0];
  const done = Math.min(answers.current.fan?.done ?? 0, answers.against.fan?.done ?? 0);
  const members = { done, all: pool.draws };
  byId("progress").textContent = !pool.draws ? say("One member, no ensemble.") : done < pool.draws ? say("{done} of {all} members", members) : say("{all} members", members);
  byId("progress-bar").value = done;
  byId("progress-bar").hidden = done >= pool.draws;
}

// What the controls call: `moving` while a slider moves, `settled` when it is let go, `now` for all else.
const changed = {
  moving(name, change) {
    if (!moving.now) remember();
    moving.now = true;
    change();
    showSetting(name);
    if (!timers.frame) {
      timers.frame = requestAnimationFrame(() => {
        timers.frame = 0;
        draw();
      });
    }
    clearTimeout(timers.rest);
    timers.rest = setTimeout(this.settled, REST);
  },
  settled() {
    clearTimeout(timers.rest);
    if (!moving.now) return;
    wantFans();
    keepLink();
  },
  now(change) {
    remember();
    change();
    this.shown();
  },
  shown() {
    clearTimeout(timers.rest);
    showSettings();
    drawAgainst();
    wantFans();
    keepLink();
  },
};

function keepLink() {
  clearTimeout(timers.link);
  timers.link = setTimeout(() => history.replaceState(null, "", `#${linkFragment()}`), 300);
}

function tell(text, fault = false) {
  byId("message").textContent = text;
  byId("message").classList.toggle("fault", fault);
}

function trying(action) {
  try {
    tell("");
    const found = action();
    if (found instanceof Promise) found.catch(refused);
  } catch (error) {
    refused(error);
  }
}

function refused(error) {
  if (!(error instanceof Refused)) throw error;
  tell(error.message, true);
}

function opened(one) {
  changed.now(() => {
    state.current = one;
  });
  for (const group of document.querySelectorAll("details.levers")) if (group.querySelector(".lever.set")) group.open = true;
}

function button(text, onclick, attributes = {}) {
  return element("button", { type: "button", onclick, ...attributes }, say(text));
}

function presetButtons() {
  const scenarios = data.scenarios.map((scenario) =>
    button(scenario.title, () => opened(caseOf(scenario)), { "data-scenario": scenario.name, title: say(scenario.meaning), class: "chip" }));
  const shocks = data.shocks.map((shock) =>
    button(shock.title, () => changed.now(() => toggleShock(shock)), { "data-shock": shock.name, title: say(shock.meaning), class: "chip" }));
  return element("section", { class: "presets", "aria-labelledby": "presets-title" },
    element("div", { class: "preset" }, element("h2", { id: "presets-title" }, say("Start from a scenario")), element("div", { class: "chips" }, scenarios)),
    shocks.length ? element("div", { class: "preset" }, element("h2", {}, say("Lay a shock over it")), element("div", { class: "chips" }, shocks)) : null,
    element("p", { id: "meaning", class: "meaning" }));
}

function drawAgainst() {
  const select = byId("against");
  const key = keyOf(state.against);
  const every = [...data.scenarios, ...saved.cases];
  const options = every.map((one, i) => element("option", { value: i, selected: keyOf(one) === key }, titleOf(one)));
  if (!every.some((one) => keyOf(one) === key)) options.push(element("option", { value: -1, selected: true }, titleOf(state.against)));
  select.replaceChildren(...options);
}

function comparing() {
  const against = element("select", { id: "against" });
  against.addEventListener("change", () => {
    const one = [...data.scenarios, ...saved.cases][Number(against.value)];
    if (one) changed.now(() => {
      state.against = caseOf(one);
    });
  });
  const year = element("select", { id: "year" }, data.years.filter((one) => one >= data.policyFrom).map((one) =>
    element("option", { value: one, selected: one === state.year }, String(one))));
  year.addEventListener("change", () => {
    state.year = Number(year.value);
    draw();
    keepLink();
  });
  return element("section", { class: "comparing", "aria-label": say("Two cases") },
    element("p", { class: "keys" },
      element("span", {}, element("span", { class: "key current" }), element("span", { id: "key-current" })),
      element("span", {}, element("span", { class: "key against" }), element("span", { id: "key-against" }))),
    element("span", { class: "field" }, element("label", { for: "against" }, say("Against")), against),
    element("span", { class: "field" }, element("label", { for: "year" }, say("Year")), year),
    button("Keep this case", keepCase, { title: say("to hold others against it") }),
    element("span", { class: "members" }, element("progress", { id: "progress-bar", max: Math.max(1, pool.draws), value: 0, "aria-label": say("Members run") }),
      element("span", { id: "progress" })));
}

function keepCase() {
  const count = saved.cases.length + 1;
  const given = titleOf(state.current);
  const known = [...data.scenarios, ...saved.cases].some((one) => keyOf(one) === keyOf(state.current));
  if (known) return tell(say("{title} is there to be held against already.", { title: given }));
  saved.cases.push({ ...caseOf(state.current), name: `case_${count}`, title: `${given} ${count}` });
  drawAgainst();
  draw();
  tell(say("Kept as {title}: choose it under Against.", { title: `${given} ${count}` }));
}

function going() {
  const chosen = element("input", { type: "file", accept: ".yaml,.yml", class: "hidden", tabindex: "-1", "aria-label": say("Scenario file") });
  chosen.addEventListener("change", () => {
    if (chosen.files.length) trying(() => openFile(chosen.files[0]).then(opened));
    chosen.value = "";
  });
  return element("div", { class: "going", role: "group", "aria-label": say("Out of the page and into it") },
    button("Copy link", () => trying(copyLink)),
    button("Scenario file (YAML)", () => save(`${fileName()}.yaml`, currentYaml(), "application/yaml")),
    button("Open a scenario file", () => chosen.click()), chosen,
    button("Table (CSV)", () => save(`${fileName()}.csv`, `\uFEFF${tableCsv(shown.answers)}`, "text/csv")),
    button("Picture (SVG)", () => save(`${fileName()}.svg`, chartsSvg().text, "image/svg+xml")),
    button("Picture (PNG)", () => trying(async () => save(`${fileName()}.png`, await chartsPng()))),
    button("Print", () => window.print()));
}

async function copyLink() {
  const link = `${location.href.split("#")[0]}#${linkFragment()}`;
  history.replaceState(null, "", link);
  try {
    await navigator.clipboard.writeText(link);
    tell(say("The link to this setting is copied."));
  } catch {
    tell(say("The address of this page is now the link to this setting: copy it from there."));
  }
}

function choosing() {
  const all = data.outcomes.map((outcome) => {
    const box = element("input", { type: "checkbox", id: `show-${outcome.scalar}`, checked: state.shown.some((group) => group.outcomes.includes(outcome.scalar)) });
    box.addEventListener("change", () => {
      showOutcome(outcome.scalar, box.checked);
      buildPanels();
      draw();
    });
    return element("span", { class: "choice" }, box, element("label", { for: box.id }, outcome.words[reader.language].label));
  });
  return element("details", { class: "choosing" }, element("summary", {}, say("Choose outcomes")), element("div", { class: "choices" }, all));
}

function showOutcome(scalar, wanted) {
  const home = data.shown.find((group) => group.outcomes.includes(scalar))?.title ?? "Further outcomes";
  const group = state.shown.find((one) => one.title === home);
  if (!wanted) state.shown.forEach((one) => (one.outcomes = one.outcomes.filter((name) => name !== scalar)));
  else if (group) group.outcomes.push(scalar);
  else state.shown.push({ title: home, outcomes: [scalar] });
}

function look() {
  const themes = [["light dark", "as the system"], ["light", "light"], ["dark", "dark"]];
  const root = document.documentElement;
  const theme = element("select", { id: "theme" }, themes.map(([value, text]) => element("option", { value, selected: value === (root.dataset.theme ?? "light dark") }, say(text))));
  theme.addEventListener("change", () => {
    root.dataset.theme = theme.value;
  });
  const language = element("button", { type: "button", class: "quiet", lang: reader.language === "zh" ? "en" : "zh", onclick: changeLanguage }, reader.language === "zh" ? "English" : "中文");
  return element("div", { class: "look" }, language, element("span", { class: "field" }, element("label", { for: "theme" }, say("Colours")), theme));
}

function changeLanguage() {
  reader.language = reader.language === "zh" ? "en" : "zh";
  document.documentElement.lang = reader.language;
  build();
  document.querySelector(".look button").focus();
}

function build() {
  document.title = say(data.title);
  byId("page").replaceChildren(
    element("header", { class: "top" },
      element("a", { class: "skip", href: "#answers", onclick: (event) => {
        event.preventDefault();
        byId("answers").focus();
      } }, say("To the answers")),
      element("div", {}, element("h1", { id: "title" }, say(data.title)),
        element("p", { class: "lead" }, say("Move a lever or start from a scenario: the whole model answers at once, here in your browser. Nothing is sent anywhere."))),
      look()),
    presetButtons(),
    element("aside", { class: "side", "aria-labelledby": "levers-title" },
        element("div", { class: "bar" }, element("h2", { id: "levers-title" }, say("Levers")),
          button("Undo", goUndo, { id: "undo", class: "quiet" }), button("Redo", goRedo, { id: "redo", class: "quiet" }),
          button("Reset all", () => opened(emptyCase()), { id: "reset", class: "quiet" })),
      element("div", { id: "levers" })),
    element("main", { id: "answers", tabindex: "-1" },
      element("p", { id: "caption", class: "caption" }),
      comparing(),
      element("p", { id: "message", role: "status" }),
      element("div", { class: "short" },
      element("section", { "aria-labelledby": "changes-title" }, element("h2", { id: "changes-title" }), element("ul", { id: "changes", class: "changes" })),
      element("section", { id: "goals-part", "aria-labelledby": "goals-title" }, element("h2", { id: "goals-title" }, say("Goals of the plan, and how likely they are reached")),
        element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Goals of the plan") }, element("table", { id: "goals" })))),
      element("section", { "aria-labelledby": "outcomes-title" },
        element("div", { class: "bar" }, element("h2", { id: "outcomes-title" }, say("Outcomes")), choosing()),
        element("p", { class: "note" }, note()),
        element("div", { id: "panels" })),
      diagramsPart(),
      going()),
    element("footer", {}, element("p", {}, origin())),
    element("p", { id: "strip", class: "strip", "aria-hidden": "true" }),
    element("dialog", { id: "detail", "aria-labelledby": "detail-title" }));
  drawControls(changed);
  buildPanels();
  drawAgainst();
  wantFans();
}

function note() {
  const carried = data.outcomes.some((outcome) => outcome.error >= 0);
  return [say("Lines: the central member. Bands: 50 and 90 % of the members."), say("Points: data ± 1 sd (open: not fitted, or only weakly; triangle: at least)."),
    say("Vertical line: from here on scenarios part."), carried
      ? say("Bands are of parameters, inputs ahead and, for the main outcomes, errors of the model.")
      : say("Bands do not contain what the structure of the model leaves out."),
    say("Click on the name of an outcome for its equation, data and sources.")].join(reader.language === "zh" ? "" : " ");
}

function origin() {
  return `Pujiang · ${Object.entries(data.madeOf).map(([fact_, value]) => `${say(fact_)} ${value}`).join(" · ")}`;
}

function goUndo() {
  if (wentBack(past.undo, past.redo)) changed.shown();
}

function goRedo() {
  if (wentBack(past.redo, past.undo)) changed.shown();
}

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches("input[type=text], input[type=number]")) return;
  if (event.key === "z" || event.key === "y") {
    event.preventDefault();
    (event.key === "y" || event.shiftKey ? goRedo : goUndo)();
  }
});
for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  const file = event.dataTransfer.files[0];
  if (file) trying(() => openFile(file).then(opened));
});

function openAddress() {
  const fragment = location.hash.slice(1);
  if (fragment && fragment !== linkFragment()) openLink(fragment);
}

addEventListener("hashchange", () => trying(() => {
  openAddress();
  build();
}));

let fault = null;
try {
  openAddress();
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  fault = error;
}
build();
if (fault) refused(fault);

// A browser makes fast code of the model after it has run a few times: not while a slider waits for it.
const WARMING = 3;
for (let k = 1; k <= WARMING; k++) {
  setTimeout(() => {
    const { inputs, timed, fixed } = answerTo(state.current);
    simulate(program, data.grid, memberParameters(ensemble, 0, fixed), inputs, timed);
  }, 150 * k);
}
