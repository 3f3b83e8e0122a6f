// From what a case says of a lever to the path it follows, as experiment/levers.py does it. A setting is what a scenario
// file holds: {target, start, end, shape, from} or {path: [{time, value}, ...]}; without one the lever rests.

function atRest(lever, history, actsFrom) {
  if (lever.default !== null) return lever.default;
  return history === null ? 0 : readProfile(history, actsFrom, true);
}

function futureOf(setting, held, actsFrom) {
  if (setting.path) {
    const times = setting.path.map((point) => point.time);
    const values = setting.path.map((point) => point.value);
    return { times, before: [held, ...values.slice(1)], after: values };
  }
  const { target, start = actsFrom, end, shape = "step", from: origin = held } = setting;
  if (shape === "step") return { times: [start], before: [held], after: [target] };
  if (shape === "ramp") return { times: [start, end], before: [held, target], after: [origin, target] };
  return { times: [start, end], before: [held, target], after: [target, origin] };
}

function leverProfile(lever, setting, history, grid) {
  const held = atRest(lever, history, grid.actsFrom);
  const future = setting ? futureOf(setting, held, grid.actsFrom) : constantProfile(held, grid.actsFrom);
  const past = history === null ? constantProfile(held) : snappedProfile(history, grid.dt);
  return profileUntil(past, grid.actsFrom, future);
}

// 1 while a case sets a lever that has no default, else 0: what equations read beside it.
function companionProfile(setting, actsFrom) {
  if (!setting) return constantProfile(0);
  const { times } = futureOf(setting, 0, actsFrom);
  const passes = setting.shape === "pulse" && setting.from === undefined && !setting.path;
  if (passes) return { times, before: [0, 1], after: [1, 0] };
  return { times: times.slice(0, 1), before: [0], after: [1] };
}

// The inputs of a case: `levers` as declared, by name; `series` their profiles, by name; `settings` by lever.
function caseInputs(program, grid, levers, series, settings) {
  const set = (name) => {
    const setting = settings[name];
    return setting && (setting.path || typeof setting.target === "number") ? setting : null;
  };
  const profiles = program.series.map((name) => snappedProfile(series[name], grid.dt));
  for (const name of program.levers) {
    const lever = levers[name];
    if (lever === undefined) profiles.push(companionProfile(set(name.replace(/_set$/, "")), grid.actsFrom));
    else profiles.push(leverProfile(lever, set(name), lever.history === null ? null : series[lever.history], grid));
  }
  return sampledInputs(profiles, grid);
}
