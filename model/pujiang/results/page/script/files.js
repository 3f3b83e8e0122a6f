// Out of the page: scenario file, table, pictures. Into it: a scenario file.

const LARGEST = 100_000; // bytes of a scenario file

function save(name, content, type) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function fileName() {
  const plain = titleOf(state.current).toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "");
  return /^[a-z]/.test(plain) ? plain.slice(0, 60) : "my_case";
}

function currentYaml() {
  return scenarioYaml(titleOf(state.current), state.current.meaning ?? "", state.current.settings, say("set on the page with levers"));
}

// The columns of summary.csv of a run, for the two cases.
function tableCsv(answers) {
  const rows = [["outcome", "element", "scenario", "year", "unit", "median", "q05", "q25", "q75", "q95", "central"]];
  const cases = answers.same ? [[state.current, answers.current]] : [[state.against, answers.against], [state.current, answers.current]];
  data.outcomes.forEach((outcome, place) => {
    for (const [one, answer] of cases) {
      const bands = answer.fan ? bandsOf(answer.fan, place) : null;
      data.years.forEach((year, i) => {
        const spread = [2, 0, 1, 3, 4].map((q) => csvNumber(bands ? bands[q][i] : NaN));
        const central = csvNumber(courseOf(answer.central, place)[i]);
        rows.push([outcome.name, outcome.element, titleOf(one), year, outcome.unit, ...spread, central]);
      });
    }
  });
  return rows.map((row) => row.map(csvCell).join(",")).join("\n") + "\n";
}

function csvNumber(value) {
  return Number.isFinite(value) ? String(tidy(value)) : "";
}

// A title may come from anybody: no spreadsheet should take it for a formula.
function csvCell(value) {
  const text = typeof value === "string" && /^[=+@\t\r]|^-\D/.test(value) ? `'${value}` : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const INLINED = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "font-size", "font-family", "font-weight"];

// All charts as one picture: what the style sheet says of each part is written into it.
function chartsSvg() {
  drawEveryPanel();
  const panels = [...document.querySelectorAll(".panel")];
  const columns = Math.min(4, Math.ceil(Math.sqrt(panels.length)));
  const [wide, tall, head] = [FRAME.width, FRAME.height + 44, 56];
  const style = getComputedStyle(document.body);
  const text = (x, y, size, content, weight = "400") =>
    drawn("text", { x, y, "font-size": size, "font-weight": weight, fill: style.color, "font-family": "system-ui, sans-serif" }, content);
  const width = columns * wide + 24;
  const height = head + Math.ceil(panels.length / columns) * tall + 12;
  const whole = drawn("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` },
    drawn("rect", { width, height, fill: style.backgroundColor }),
    text(16, 24, 17, byId("title").textContent, "600"),
    text(16, 44, 12, byId("caption").textContent));
  panels.forEach((one, i) => {
    const [x, y] = [12 + (i % columns) * wide, head + Math.floor(i / columns) * tall];
    whole.append(text(x + 8, y + 16, 12.5, one.querySelector("h4").innerText.replace("\n", ", "), "600"));
    whole.append(text(x + 8, y + 32, 11, one.querySelector(".reading").textContent));
    const source = one.querySelector("svg.chart");
    const copy = source.cloneNode(true);
    const parts = [...source.querySelectorAll("*")];
    [...copy.querySelectorAll("*")].forEach((part, k) => {
      const computed = getComputedStyle(parts[k]);
      for (const name of INLINED) part.setAttribute(name, computed.getPropertyValue(name));
    });
    copy.querySelector(".cursor").remove();
    for (const [name, value] of Object.entries({ x, y: y + 38, width: wide - 8, height: FRAME.height })) copy.setAttribute(name, value);
    whole.append(copy);
  });
  return { text: new XMLSerializer().serializeToString(whole), width, height };
}

async function chartsPng() {
  const { text, width, height } = chartsSvg();
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const image = new Image();
  image.src = address;
  await image.decode();
  URL.revokeObjectURL(address);
  const canvas = element("canvas", { width: 2 * width, height: 2 * height });
  canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

// The case a scenario file holds.
function caseFromYaml(text, name) {
  let found;
  try {
    found = readYaml(text);
  } catch (error) {
    throw new Refused(say("{name} is not read: {line}", { name, line: String(error.message).slice(0, 80) }));
  }
  const unknown = [...found.keys()].find((key) => !["title", "meaning", "sources", "levers"].includes(key));
  if (unknown) refuse(name, unknown, "title, meaning, sources, levers");
  const levers = found.get("levers") ?? new Map();
  if (!(levers instanceof Map)) refuse("levers", levers, "{lever: setting}");
  const settings = {};
  for (const [lever, given] of levers) {
    const setting = checkedSetting(lever, given);
    if (setting) settings[lever] = setting;
  }
  const stem = name.replace(/\.ya?ml$/i, "");
  const title = String(found.get("title") ?? stem).slice(0, 200);
  return { name: stem, title, meaning: String(found.get("meaning") ?? "").slice(0, 2000), settings, parameters: [] };
}

async function openFile(file) {
  if (file.size > LARGEST) refuse(file.name, `${file.size} B`, `${LARGEST} B`);
  return caseFromYaml(await file.text(), file.name);
}
