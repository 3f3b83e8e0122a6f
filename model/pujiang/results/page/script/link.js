// The setting as a link: the words of the command line in the fragment, which no server ever sees.

function caseWords(one, prefix, words) {
  const preset = data.scenarios.find((scenario) => keyOf(scenario) === keyOf(one));
  if (preset) {
    if (prefix || preset !== data.scenarios[0]) words.set(`${prefix}scenario`, preset.name);
    return;
  }
  if (one.name !== data.scenarios[0].name) words.set(`${prefix}name`, one.name);
  if (one.title && one.title !== data.scenarios[0].title) words.set(`${prefix}title`, one.title);
  for (const [name, setting] of Object.entries(one.settings)) {
    const key = `${prefix}levers.${name}`;
    if (setting.path) words.set(`${key}.path`, setting.path.map((p) => `${p.time}:${p.value}`).join(";"));
    else for (const [part, value] of Object.entries(setting)) words.set(`${key}.${part}`, value);
  }
  for (const [, value, name] of one.parameters) words.set(`${prefix}parameters.${name}`, value);
}

function linkFragment() {
  const words = new URLSearchParams();
  caseWords(state.current, "", words);
  if (keyOf(state.against) !== keyOf(data.scenarios[0])) caseWords(state.against, "against.", words);
  if (state.year !== data.years[data.years.length - 1]) words.set("year", state.year);
  return words.toString();
}

function caseFromWords(words, prefix) {
  const named = words.get(`${prefix}scenario`);
  if (named !== null) {
    const preset = data.scenarios.find((scenario) => scenario.name === named);
    if (!preset) refuse(`${prefix}scenario`, named, data.scenarios.map((scenario) => scenario.name).join(", "));
    return caseOf(preset);
  }
  const raw = new Map();
  const parameters = [];
  const known = data.scenarios.flatMap((scenario) => scenario.parameters);
  for (const [word, value] of words) {
    if (!word.startsWith(prefix)) continue;
    const [group, name, part = "target"] = word.slice(prefix.length).split(".");
    if (group === "levers") raw.set(name, { ...raw.get(name), [part]: wordValue(part, value) });
    if (group !== "parameters") continue;
    const path = word.slice(`${prefix}parameters.`.length);
    const place = known.find((parameter) => parameter[2] === path);
    if (!place) refuse("parameters", path, known.map((parameter) => parameter[2]).join(", "));
    parameters.push([place[0], checkedNumber(word, Number(value), [-Infinity, Infinity]), path]);
  }
  const settings = {};
  for (const [name, given] of raw) {
    const setting = checkedSetting(name, given);
    if (setting) settings[name] = setting;
  }
  const from = data.scenarios.find((scenario) => scenario.name === words.get(`${prefix}name`)) ?? data.scenarios[0];
  const title = (words.get(`${prefix}title`) ?? from.title).slice(0, 200);
  return { name: from.name, title, meaning: "", settings, parameters };
}

function wordValue(part, value) {
  if (part === "shape") return value;
  if (part !== "path") return Number(value);
  return value.split(";").map((point) => {
    const [time, height] = point.split(":").map(Number);
    return { time, value: height };
  });
}

// Sets the state from a fragment; what is wrong in it is thrown as one line.
function openLink(fragment) {
  const words = new URLSearchParams(fragment);
  const current = caseFromWords(words, "");
  const held = [...words.keys()].some((word) => word.startsWith("against."));
  const against = held ? caseFromWords(words, "against.") : emptyCase();
  const year = Number(words.get("year") ?? NaN);
  Object.assign(state, { current, against });
  if (data.years.includes(year)) state.year = year;
}
