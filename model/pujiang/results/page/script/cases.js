// Cases: what is set now, what it is held against, and what was before, to go back to.

function emptyCase() {
  const baseline = data.scenarios[0];
  return caseOf(baseline);
}

function caseOf(scenario) {
  const { name, title, meaning, settings, parameters } = scenario;
  return { name, title, meaning, settings: structuredClone(settings), parameters };
}

// Equal cases have equal keys, whatever they are called.
function keyOf(one) {
  const settings = Object.keys(one.settings).sort().map((name) => [name, settingText(one.settings[name])]);
  return JSON.stringify([settings, one.parameters]);
}

// The name of a case: that of the scenario it equals, else "changed".
function titleOf(one) {
  const key = keyOf(one);
  const same = [...saved.cases, ...data.scenarios].find((scenario) => keyOf(scenario) === key);
  if (same) return say(same.title);
  const base = data.scenarios.find((scenario) => scenario.name === one.name);
  if (one.title && one.title !== base?.title) return one.title;
  return base && base !== data.scenarios[0] ? say("{title}, changed", { title: say(base.title) }) : say("My case");
}

const saved = { cases: [] };

const state = {
  current: emptyCase(),
  against: emptyCase(),
  year: data.years[data.years.length - 1],
  shown: data.shown.map((group) => ({ title: group.title, outcomes: [...group.outcomes] })),
};

const past = { undo: [], redo: [] };

function remember() {
  const now = JSON.stringify([state.current, state.against]);
  if (past.undo[past.undo.length - 1] === now) return;
  past.undo.push(now);
  if (past.undo.length > 200) past.undo.shift();
  past.redo = [];
}

function wentBack(from, to) {
  if (!from.length) return false;
  to.push(JSON.stringify([state.current, state.against]));
  [state.current, state.against] = JSON.parse(from.pop());
  return true;
}

function setLever(name, setting) {
  const settings = { ...state.current.settings };
  const atRestAgain = setting && isStep(setting) && setting.target === data.levers[name].default;
  if (!setting || atRestAgain) delete settings[name];
  else settings[name] = setting;
  state.current = { ...state.current, settings };
}

// A shock is laid over what is set; taken back, each lever is as the case had it it was made from.
function hasShock(shock) {
  return Object.entries(shock.settings).every(
    ([name, setting]) => state.current.settings[name] && settingText(state.current.settings[name]) === settingText(setting),
  );
}

function toggleShock(shock) {
  const base = data.scenarios.find((scenario) => scenario.name === state.current.name) ?? data.scenarios[0];
  const laid = hasShock(shock);
  for (const [name, setting] of Object.entries(shock.settings)) {
    setLever(name, laid ? (base.settings[name] ?? null) : structuredClone(setting));
  }
}
