// Diagrams of stocks and flows, as `pujiang export` draws them; unpacked when the first is asked for.

const DRAWN_AT = 1.15 / 16; // rem a unit of a picture: names a little larger than in the file
const READABLE = 0.75; // how much smaller a picture may become to fit; what is wider still is moved about in
const pictures = { read: null };

async function inflated(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

// A diagram of a sector, of a loop, or of what stands around a variable; one name in it may be marked.
function diagramOf(of, name, told, marked = null) {
  const frame = element("div", { class: "scroll drawing", tabindex: "0", role: "region", "aria-label": say("Diagram") });
  const fit = button("Whole diagram", () => fit.setAttribute("aria-pressed", String(frame.classList.toggle("whole"))), { "aria-pressed": "false", hidden: true });
  pictures.read ??= inflated(data.diagrams);
  pictures.read.then((drawn_) => {
    const svg = inPage(drawn_[of][name], of === "loop" ? name : null);
    const names = [...svg.querySelectorAll("[data-name]")];
    svg.setAttribute("aria-label", `${told}: ${[...new Set(names.map((text) => text.textContent))].join(", ")}`);
    frame.replaceChildren(svg);
    names.forEach(fitIntoBox);
    fit.hidden = frame.scrollWidth <= frame.clientWidth && frame.scrollHeight <= frame.clientHeight;
    const here = names.filter((text) => text.dataset.name === marked);
    here.forEach((text) => text.classList.add("here"));
    centre(frame, here[0] ?? svg);
  }, () => frame.replaceChildren(say("This browser cannot unpack diagrams; one of 2023 or later can.")));
  const heading = element("div", { class: "heading" }, element("h3", {}, say("Diagram")), fit);
  return element("section", {}, heading, frame, element("p", { class: "note" }, say(SYMBOLS)));
}

const SYMBOLS = "Boxes are stocks, thick lines flows with their valves, rings what lies outside. Thin arrows lead from a cause to what reads it, with + or - where the equation tells which way, and the codes of the feedback loops they belong to. Grey names stand in other sectors, or are levers and data. A click on a name leads to it.";

// A stock's name that is wider than its box, which is drawn for the English one in the letters of most systems.
function fitIntoBox(text) {
  const box = text.previousElementSibling;
  const room = box?.matches(".stock") ? box.width.baseVal.value - 6 : Infinity;
  const length = text.getComputedTextLength();
  if (length > room) text.style.fontSize = `${(parseFloat(getComputedStyle(text).fontSize) * room) / length}px`;
}

// Bring a part of a picture to the middle of its frame; downwards only where it would not be seen.
function centre(frame, part) {
  const [outer, inner] = [frame, part].map((one) => one.getBoundingClientRect());
  frame.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
  if (part.matches("text") && inner.bottom > outer.bottom) frame.scrollTop += inner.top + inner.height / 2 - (outer.top + outer.height / 2);
}

// The picture as a part of the page: its names in the language of the reader, each leading to what it names.
function inPage(text, loop) {
  const svg = document.adoptNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement);
  const named = namesInPictures();
  for (const part of svg.querySelectorAll("text:not(.sign)")) {
    const words = part.textContent;
    const code = words.split(" ")[0];
    const name = part.matches(".title, .legend") ? null : named.get(words);
    if (part.matches(".title")) part.textContent = loop ?? inWords(words);
    else if (part.matches(".legend")) part.textContent = `${code} ${loopInWords(code)}`;
    else if (name ?? loop) part.textContent = name ? nameOf(name) : loopInWords(loop);
    if (name) part.dataset.name = name;
  }
  const width = svg.viewBox.baseVal.width * DRAWN_AT;
  svg.style.maxInlineSize = `${width}rem`;
  svg.style.minInlineSize = `${width * READABLE}rem`;
  svg.addEventListener("click", (event) => event.target.dataset.name && openNamed(event.target.dataset.name));
  return filled(svg, { class: "diagram", role: "img" }, []);
}

// The names of what pictures show, by how these write them.
function namesInPictures() {
  return new Map([data.variables, data.inputs, data.levers].flatMap(Object.keys).map((name) => [name.replaceAll("_", " "), name]));
}

// What a variable, lever or input is called: in English by its name, which equations and files use.
function nameOf(name) {
  if (reader.language === "en") return inWords(name);
  const outcome = data.outcomes.find((one) => one.scalar === name);
  return outcome?.words[reader.language].short ?? (data.levers[name] ? say(data.levers[name].label) : inWords(name));
}

function inWords(name) {
  const words = name.replaceAll("_", " ");
  return reader.language === "en" ? words : (data.zh[capitalised(words)] ?? words);
}

function capitalised(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function loopInWords(code) {
  const loop = data.loops[code];
  return say("{loop}, {polarity}", { loop: inWords(loop.name), polarity: say(loop.polarity) });
}

// Where the diagrams of sectors and loops are found: each opens where what stands behind an outcome does.
function diagramsPart() {
  const loops = Object.keys(data.loops);
  if (!data.sectors.length && !loops.length) return null;
  const chips = (title, made) => (made.length ? [element("h3", {}, say(title)), element("div", { class: "chips" }, made)] : []);
  const chip = (words, open) => element("button", { type: "button", class: "chip", onclick: open }, words);
  return element("section", { id: "diagrams", "aria-labelledby": "diagrams-title" },
    element("h2", { id: "diagrams-title" }, say("How it hangs together")),
    element("p", { class: "note" }, say("The stock-and-flow diagram of every sector, and every feedback loop.")),
    chips("Sectors", data.sectors.map((sector) => chip(capitalised(inWords(sector)), () => openSector(sector)))),
    chips("Feedback loops", loops.map((code) => chip(`${code} ${inWords(data.loops[code].name)}`, () => openLoop(code)))));
}

function drawnVariables() {
  return Object.entries(data.variables).filter(([, variable]) => variable.kind !== "initial");
}
