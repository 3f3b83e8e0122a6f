// Settings of levers: what comes from outside is checked as `pujiang run` would, and refused in one line.

const SHAPES = ["step", "ramp", "pulse"];

class Refused extends Error {}

function refuse(where, found, allowed) {
  throw new Refused(say("{where}: found {found}; allowed: {allowed}", { where, found: String(found), allowed }));
}

function checkedNumber(where, value, [low, high]) {
  const inside = typeof value === "number" && Number.isFinite(value) && value >= low && value <= high;
  if (!inside) refuse(where, value, `${low} … ${high}`);
  return value;
}

// A decimal year, or YYYY-MM, on the grid of steps.
function checkedDate(where, value) {
  const month = /^(\d{4})-(\d{2})$/.exec(String(value));
  const date = month ? Number(month[1]) + (Number(month[2]) - 1) / 12 : value;
  const span = [data.grid.actsFrom, data.latestDate];
  const onGrid = Math.round(checkedNumber(where, date, span) / data.grid.dt) * data.grid.dt;
  if (Math.abs(onGrid - date) > NEAR) refuse(where, value, say("multiples of {dt} year", { dt: data.grid.dt }));
  return onGrid;
}

// The setting of a lever from plain values, as a scenario file holds it; null where it says that it is not set.
function checkedSetting(name, given) {
  const lever = Object.hasOwn(data.levers, name) ? data.levers[name] : null;
  if (!lever) refuse("levers", name, Object.keys(data.levers).join(", "));
  const raw = given instanceof Map ? Object.fromEntries(given) : typeof given === "number" ? { target: given } : given;
  const where = (key) => `levers.${name}.${key}`;
  if (raw === null || typeof raw !== "object") refuse(`levers.${name}`, raw, "{target, start, end, shape, from}, {path}");
  const unknown = Object.keys(raw).find((key) => !["target", "start", "end", "shape", "from", "path"].includes(key));
  if (unknown) refuse(`levers.${name}`, unknown, "target, start, end, shape, from, path");
  if (raw.path) return { path: checkedPath(where("path"), raw.path, lever) };
  if (raw.target === null || raw.target === undefined) return null;
  const shape = raw.shape ?? "step";
  if (!SHAPES.includes(shape)) refuse(where("shape"), shape, SHAPES.join(", "));
  const setting = {
    target: checkedNumber(where("target"), raw.target, lever.bounds),
    start: checkedDate(where("start"), raw.start ?? data.grid.actsFrom),
    shape,
  };
  if (shape === "step") return setting;
  setting.end = checkedDate(where("end"), raw.end ?? null);
  if (setting.end <= setting.start) refuse(where("end"), setting.end, `> ${setting.start}`);
  if (typeof raw.from === "number") setting.from = checkedNumber(where("from"), raw.from, lever.bounds);
  const loose = shape === "ramp" && setting.from === undefined && lever.default === null && lever.history === null;
  if (loose) refuse(where("from"), say("nothing"), `${lever.bounds[0]} … ${lever.bounds[1]}`);
  return setting;
}

function checkedPath(where, points, lever) {
  if (!Array.isArray(points) || points.length === 0) refuse(where, points, "[{time, value}, ...]");
  const path = points.map((point, i) => {
    const { time, value } = point instanceof Map ? Object.fromEntries(point) : Object(point);
    return { time: checkedDate(`${where}.${i}`, time), value: checkedNumber(`${where}.${i}`, value, lever.bounds) };
  });
  path.slice(1).forEach((point, i) => {
    if (point.time <= path[i].time) refuse(where, point.time, `> ${path[i].time}`);
  });
  return path;
}

function restOf(name) {
  const lever = data.levers[name];
  if (lever.default !== null) return lever.default;
  return atRest(lever, lever.history === null ? null : data.series[lever.history], data.grid.actsFrom);
}

function isStep(setting) {
  return !setting.path && (setting.shape ?? "step") === "step";
}

// The value a setting comes to in the end: where its slider stands.
function valueOfSetting(name, setting) {
  if (!setting) return restOf(name);
  return setting.path ? setting.path[setting.path.length - 1].value : setting.target;
}

// In words: "0.35 from 2027".
function settingTold(setting) {
  if (setting.path) return setting.path.map((p) => `${grouped(p.time, dateDecimals(p.time))}: ${tidy(p.value)}`).join(" → ").replaceAll(",", "");
  const date = (time) => String(tidy(time));
  const values = { target: tidy(setting.target), start: date(setting.start ?? data.grid.actsFrom), end: date(setting.end ?? 0) };
  if (isStep(setting)) return say("{target} from {start}", values);
  if (setting.shape === "ramp") return say("to {target}, evenly {start} to {end}", values);
  return say("{target} from {start} to {end}, then back", values);
}

function dateDecimals(time) {
  return Number.isInteger(time) ? 0 : 2;
}
