// Numbers as people read them.

function grouped(value, decimals) {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction ? `.${fraction}` : "");
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

// A level in the unit and decimals in which its outcome is shown.
function level(value, outcome) {
  const shown = outcome.words[reader.language];
  return Number.isFinite(value) ? grouped(value * shown.scale, shown.decimals) : "–";
}

function unitOf(outcome) {
  return outcome.words[reader.language].unit;
}

// How a difference reads best: relative to what it is a difference from, in points, or in the outcome's unit.
function difference(value, from, outcome) {
  return outcome.difference === "percent" ? (value - from) / from : value - from;
}

function signed(value, outcome, withUnit = true) {
  if (!Number.isFinite(value)) return "–";
  const shown = outcome.words[reader.language];
  const relative = outcome.difference === "percent";
  const decimals = relative ? (Math.abs(value) >= 0.1 ? 0 : Math.abs(value) >= 0.01 ? 1 : 2) : shown.decimals;
  const text = grouped(relative ? 100 * value : value * shown.scale, decimals);
  const sign = /[1-9]/.test(text) ? (value > 0 ? "+" : "") : "";
  const unit = { percent: " %", points: say(" pp"), number: "" }[outcome.difference];
  return `${sign}${/[1-9]/.test(text) ? text : "0"}${withUnit ? unit : ""}`;
}

// A share of members with its Monte Carlo error; of none or all of them only a bound is known.
function shareText(share, members) {
  if (share === 0 || share === 1) {
    const bound = Math.min(50, Math.ceil(300 / members));
    return share === 0 ? `< ${bound} %` : `> ${100 - bound} %`;
  }
  if (share < 0.01 || share > 0.99) return share < 0.5 ? "< 1 %" : "> 99 %";
  const error = Math.max(1, Math.round(100 * Math.sqrt((share * (1 - share)) / members)));
  return `${Math.round(100 * share)} ± ${error} %`;
}

// A number without the noise of binary fractions.
function tidy(value) {
  return Number(value.toPrecision(10));
}
