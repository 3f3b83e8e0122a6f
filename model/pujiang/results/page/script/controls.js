// The levers: sliders in groups, each with its meaning, and with start, end and shape for those who ask.

const LEVER_PARTS = new Map();

function drawControls(changed) {
  LEVER_PARTS.clear();
  const groups = Object.entries(data.leverGroups).map(([title, names], i) => {
    const count = element("span", { class: "count" });
    const rows = names.map((name) => leverRow(name, changed));
    return element("details", { class: "levers", open: i === 0 || names.some((name) => state.current.settings[name]) },
      element("summary", {}, element("h3", {}, say(title)), count), rows);
  });
  byId("levers").replaceChildren(...groups);
  showSettings();
}

function leverRow(name, changed) {
  const lever = data.levers[name];
  const id = `lever-${name}`;
  const [low, high] = lever.slider;
  const slider = element("input", { type: "range", id, min: low, max: high, step: "any", "aria-describedby": `${id}-doc` });
  const number = element("input", {
    type: "number", id: `${id}-number`, min: lever.bounds[0], max: lever.bounds[1], step: lever.step,
    "aria-label": say("{lever}, as a number", { lever: say(lever.label) }),
  });
  const reset = element("button", { type: "button", class: "quiet", onclick: () => changed.now(() => setLever(name, null)) }, say("Reset"),
    element("span", { class: "hidden" }, ` ${say(lever.label)}`));
  const when = element("div", { class: "when", hidden: true });
  const toggle = element("button", { type: "button", class: "quiet", "aria-expanded": "false" }, say("When"),
    element("span", { class: "hidden" }, ` ${say(lever.label)}`));
  toggle.addEventListener("click", () => {
    when.hidden = !when.hidden;
    toggle.setAttribute("aria-expanded", String(!when.hidden));
    if (!when.hidden) drawWhen(name, when, changed);
  });
  slider.addEventListener("input", () => changed.moving(name, () => moveLever(name, rounded(Number(slider.value), lever))));
  slider.addEventListener("change", () => changed.settled());
  number.addEventListener("change", () => {
    const value = Number(number.value);
    if (number.value !== "" && value >= lever.bounds[0] && value <= lever.bounds[1]) changed.now(() => moveLever(name, value));
    else showSettings();
  });
  const told = element("p", { class: "told" });
  const doc = element("p", { class: "doc", id: `${id}-doc` }, element("span", languageOf(lever.doc), say(lever.doc)), " ", restTold(name));
  const rest = element("span", { class: "rest", "aria-hidden": "true" });
  LEVER_PARTS.set(name, { slider, number, reset, when, told, rest, row: null, changed });
  const row = element(
    "div",
    { class: "lever", "data-lever": name },
    element("div", { class: "head" }, element("label", { for: id }, say(lever.label)),
      element("span", { class: "entry" }, number, element("span", { class: "unit" }, say(lever.unit)))),
    element("div", { class: "track" }, rest, slider),
    doc,
    element("div", { class: "foot" }, told, toggle, reset),
    when,
  );
  LEVER_PARTS.get(name).row = row;
  return row;
}

function restTold(name) {
  const lever = data.levers[name];
  if (lever.default === null) return say("Rests: not set.");
  return say("Rests at {value}.", { value: tidy(lever.default) });
}

// A slider that is moved sets the value the lever comes to, and keeps its dates.
function moveLever(name, value) {
  const before = state.current.settings[name];
  if (!before || before.path) setLever(name, { target: value, start: data.grid.actsFrom, shape: "step" });
  else setLever(name, { ...before, target: value });
}

function rounded(value, lever) {
  const [low, high] = lever.bounds;
  return Math.min(high, Math.max(low, tidy(Math.round(value / lever.step) * lever.step)));
}

// Everything that shows what is set, after a change from anywhere.
function showSettings() {
  for (const name of LEVER_PARTS.keys()) showSetting(name);
}

function showSetting(name) {
  const parts = LEVER_PARTS.get(name);
  const lever = data.levers[name];
  const setting = state.current.settings[name];
  const value = valueOfSetting(name, setting);
  const [low, high] = lever.slider;
  parts.slider.min = Math.min(low, value);
  parts.slider.max = Math.max(high, value);
  parts.slider.value = value;
  const unset = !setting && lever.default === null;
  parts.slider.setAttribute("aria-valuetext", unset ? say("not set") : `${tidy(value)} ${say(lever.unit)}`);
  parts.number.value = unset ? "" : tidy(value);
  parts.number.placeholder = unset ? say("not set") : "";
  parts.row.classList.toggle("set", Boolean(setting));
  parts.reset.hidden = !setting;
  parts.told.textContent = setting && !(isStep(setting) && setting.start === data.grid.actsFrom) ? settingTold(setting) : "";
  const share = (restOf(name) - Number(parts.slider.min)) / (Number(parts.slider.max) - Number(parts.slider.min) || 1);
  parts.rest.style.insetInlineStart = `calc(8px + ${share.toFixed(4)} * (100% - 16px))`;
  parts.rest.hidden = unset;
  if (!parts.when.hidden && !parts.when.contains(document.activeElement)) drawWhen(name, parts.when, parts.changed);
  const group = parts.row.closest("details.levers");
  const set = group ? group.querySelectorAll(".lever.set").length : 0;
  if (group) group.querySelector(".count").textContent = set ? say("{count} set", { count: set }) : "";
}

// Start, end and shape of a setting.
function drawWhen(name, place, changed) {
  const lever = data.levers[name];
  const setting = state.current.settings[name] ?? { target: restOf(name), start: data.grid.actsFrom, shape: "step" };
  const shape = setting.path ? "path" : (setting.shape ?? "step");
  const fault = element("p", { class: "fault", role: "alert" });
  const tried = (given) => {
    try {
      const setting_ = checkedSetting(name, given);
      changed.now(() => {
        state.current = { ...state.current, settings: { ...state.current.settings, [name]: setting_ } };
      });
      drawWhen(name, place, changed);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fault.textContent = error.message;
    }
  };
  const chosen = element("select", { id: `shape-${name}` },
    [["step", "at once"], ["ramp", "evenly, then held"], ["pulse", "for a while, then back"], ["path", "along points"]].map(([value, text]) =>
      element("option", { value, selected: value === shape }, say(text))));
  chosen.addEventListener("change", () => tried(reshaped(name, setting, chosen.value)));
  const field = (key, text, value) => {
    const dated = key !== "from";
    const input = element("input", {
      type: "number", id: `${key}-${name}`, value: tidy(value), step: dated ? 0.25 : lever.step,
      min: dated ? data.grid.actsFrom : lever.bounds[0], max: dated ? data.latestDate : lever.bounds[1],
    });
    input.addEventListener("change", () => tried({ ...setting, [key]: input.value === "" ? undefined : Number(input.value) }));
    return element("span", { class: "field" }, element("label", { for: input.id }, say(text)), input);
  };
  const fields = [element("span", { class: "field" }, element("label", { for: chosen.id }, say("Shape")), chosen)];
  if (shape === "path") {
    const text = setting.path.map((point) => `${tidy(point.time)}: ${tidy(point.value)}`).join(", ");
    const input = element("input", { type: "text", id: `path-${name}`, value: text });
    input.addEventListener("change", () => tried({ path: pointsOf(input.value) }));
    fields.push(element("span", { class: "field wide" }, element("label", { for: input.id }, say("Points, as date: value")), input));
  } else {
    fields.push(field("start", "Start", setting.start ?? data.grid.actsFrom));
    if (shape !== "step") {
      fields.push(field("end", "End", setting.end));
      fields.push(field("from", shape === "ramp" ? "From" : "Back to", setting.from ?? restOf(name)));
    }
  }
  place.replaceChildren(...fields, fault);
}

function pointsOf(text) {
  return text.split(",").map((part) => {
    const [time, value] = part.split(":").map((number) => (number.trim() === "" ? NaN : Number(number)));
    return { time, value };
  });
}

// The setting in another shape, with the dates a reader would expect.
function reshaped(name, setting, shape) {
  const start = setting.path ? setting.path[0].time : (setting.start ?? data.grid.actsFrom);
  const target = valueOfSetting(name, setting);
  const end = Math.max(start + 2, Math.min(data.years[data.years.length - 1] + 1, data.latestDate));
  const rest = restOf(name);
  if (shape === "path") return { path: [{ time: start, value: rest }, { time: end, value: target }] };
  if (shape === "step") return { target, start, shape };
  return { target, start, end: shape === "pulse" ? Math.min(end, start + 2) : end, shape, from: setting.from ?? rest };
}
