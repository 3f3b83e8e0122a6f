// Scenario files: the part of YAML they are written in, read without trust, and written so that every reader takes it
// the same. Anchors, tags and keys that stand twice are refused.

const DEEPEST = 8;

class Unread extends Error {}

function withoutComment(line) {
  let quote = null;
  for (let i = 0; i < line.length; i++) {
    const letter = line[i];
    if (quote) quote = letter === quote ? null : quote;
    else if ((letter === '"' || letter === "'") && (i === 0 || /[\s,[{:]/.test(line[i - 1]))) quote = letter;
    else if (letter === "#" && (i === 0 || /\s/.test(line[i - 1]))) return line.slice(0, i).trimEnd();
  }
  return line.trimEnd();
}

function scalar(text) {
  const found = text.trim();
  if (/^[&*!|>%@`]/.test(found)) throw new Unread(found);
  if (found.startsWith('"')) return JSON.parse(found);
  if (found.startsWith("'")) return found.slice(1, -1).replaceAll("''", "'");
  if (/^(null|~|)$/.test(found)) return null;
  if (/^(true|false)$/.test(found)) return found === "true";
  return /^[-+]?(\d[\d_]*\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(found) ? Number(found.replaceAll("_", "")) : found;
}

function put(mapping, key, value) {
  if (mapping.has(key)) throw new Unread(key);
  mapping.set(key, value);
}

// {a: 1, b: [..]}: `at` is where the reader stands.
function flow(text) {
  let at = 0;
  const skip = () => {
    while (/\s/.test(text[at] ?? "")) at++;
  };
  const word = (ends) => {
    skip();
    const start = at;
    const quote = /["']/.test(text[at] ?? "") ? text[at++] : null;
    if (quote) {
      while (at < text.length && text[at] !== quote) at += quote === '"' && text[at] === "\\" ? 2 : 1;
      at++;
    } else while (at < text.length && !ends.test(text[at])) at++;
    return scalar(text.slice(start, at));
  };
  const value = (depth) => {
    skip();
    if (depth > DEEPEST) throw new Unread(text);
    if (text[at] !== "{" && text[at] !== "[") return word(/[,}\]]/);
    const mapping = text[at] === "{";
    const found = mapping ? new Map() : [];
    at++;
    for (skip(); text[at] !== (mapping ? "}" : "]"); skip()) {
      if (at >= text.length) throw new Unread(text);
      if (mapping) {
        const key = String(word(/[:,}]/));
        skip();
        if (text[at++] !== ":") throw new Unread(text);
        put(found, key, value(depth + 1));
      } else found.push(value(depth + 1));
      skip();
      if (text[at] === ",") at++;
    }
    at++;
    return found;
  };
  const found = value(0);
  skip();
  if (at < text.length) throw new Unread(text);
  return found;
}

function readYaml(text) {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/).filter((line) => line.trim() !== "---");
  let at = 0;
  const indentOf = (line) => line.length - line.trimStart().length;
  const blank = (line) => withoutComment(line).trim() === "";
  const skip = () => {
    while (at < lines.length && blank(lines[at])) at++;
  };
  const folded = (indent, literal) => {
    const kept = [];
    while (at < lines.length && (lines[at].trim() === "" || indentOf(lines[at]) > indent)) kept.push(lines[at++].trim());
    return kept.join(literal ? "\n" : " ").trim();
  };
  // What stands after "key:": on the same line and, where it is deeper, on those that follow.
  const valueOf = (rest, indent, depth) => {
    if (/^[>|][-+]?$/.test(rest)) return folded(indent, rest.startsWith("|"));
    if (rest === "") {
      skip();
      const deeper = at < lines.length && indentOf(lines[at]) > indent;
      const listed = at < lines.length && indentOf(lines[at]) === indent && /^\s*- /.test(lines[at]);
      return deeper || listed ? block(indentOf(lines[at]), depth + 1) : null;
    }
    let whole = rest;
    const open = () => (whole.match(/[{[]/g) ?? []).length > (whole.match(/[}\]]/g) ?? []).length;
    const goesOn = () => (/^[{[]/.test(rest) ? open() : !blank(lines[at]) && indentOf(lines[at]) > indent);
    while (at < lines.length && goesOn()) whole += ` ${withoutComment(lines[at++]).trim()}`;
    return /^[{[]/.test(rest) ? flow(whole) : scalar(whole);
  };
  const block = (indent, depth) => {
    if (depth > DEEPEST) throw new Unread(lines[at]);
    const sequence = /^\s*-( |$)/.test(lines[at]);
    const found = sequence ? [] : new Map();
    for (skip(); at < lines.length && indentOf(lines[at]) === indent; skip()) {
      const line = withoutComment(lines[at]).trim();
      if (sequence) {
        if (!line.startsWith("- ")) break;
        const rest = line.slice(2).trim();
        if (/^[^{["'][^:]*:( |$)/.test(rest)) {
          lines[at] = " ".repeat(indent + 2) + rest;
          found.push(block(indent + 2, depth + 1));
        } else {
          at++;
          found.push(valueOf(rest, indent, depth));
        }
        continue;
      }
      const pair = line.match(/^("[^"]*"|'[^']*'|[^\s:#{[&*!"'][^:]*?)\s*:(?:\s+(.*))?$/);
      if (!pair) throw new Unread(line);
      at++;
      put(found, String(scalar(pair[1])), valueOf((pair[2] ?? "").trim(), indent, depth));
    }
    if (at < lines.length && indentOf(lines[at]) > indent) throw new Unread(lines[at]);
    return found;
  };
  skip();
  if (at >= lines.length) throw new Unread("");
  const found = block(indentOf(lines[at]), 0);
  skip();
  if (at < lines.length || !(found instanceof Map)) throw new Unread(lines[at] ?? "");
  return found;
}

function numberText(value) {
  const text = String(value);
  return /e/i.test(text) ? value.toFixed(15).replace(/0+$/, "") : text;
}

function settingText(setting) {
  if (setting.path) {
    const points = setting.path.map((p) => `{time: ${numberText(p.time)}, value: ${numberText(p.value)}}`);
    return `{path: [${points.join(", ")}]}`;
  }
  const parts = ["from", "target", "start", "end"].filter((key) => typeof setting[key] === "number");
  const written = parts.map((key) => `${key}: ${numberText(setting[key])}`);
  if (setting.shape && setting.shape !== "step") written.push(`shape: ${setting.shape}`);
  return `{${written.join(", ")}}`;
}

// A scenario file: title, meaning, where each setting comes from, levers.
function scenarioYaml(title, meaning, settings, source) {
  const names = Object.keys(settings);
  const lines = [`title: ${JSON.stringify(title)}`];
  if (meaning) lines.push(`meaning: ${JSON.stringify(meaning)}`);
  if (names.length) {
    lines.push("sources:", ...names.map((name) => `  ${name}: ${JSON.stringify(source)}`));
    lines.push("levers:", ...names.map((name) => `  ${name}: ${settingText(settings[name])}`));
  } else lines.push("levers: {}");
  return `${lines.join("\n")}\n`;
}
