// What changes, in short: the outcomes that differ most in the chosen year.

const TOLD = 6;
const NOTABLE = 0.005; // below half a per cent nothing is said

function drawChanges(answers) {
  const scalars = state.shown.flatMap((group) => group.outcomes);
  const found = scalars
    .map((scalar) => ({ scalar, outcome: outcomeNamed(scalar), told: differenceTold(outcomeNamed(scalar), placeOf(scalar), answers) }))
    .filter(({ told }) => told.change && (told.size >= NOTABLE || !Number.isFinite(told.size)))
    .sort((a, b) => b.told.size - a.told.size);
  byId("changes-title").textContent = say("What changes in {year}", { year: state.year });
  byId("changes").replaceChildren(...(found.length ? found.slice(0, TOLD).map(changeTile) : [hint(answers)]));
  byId("strip").replaceChildren(
    ...found.slice(0, 3).map(({ outcome, told }) =>
      element("span", {}, `${outcome.words[reader.language].short} `, element("strong", {}, told.change)),
    ),
  );
  byId("strip").hidden = !found.length;
}

function changeTile({ scalar, outcome, told }) {
  const words = outcome.words[reader.language];
  const jump = () => document.querySelector(`.panel[data-outcome="${scalar}"]`)?.scrollIntoView({ behavior: "smooth", block: "center" });
  return element(
    "li",
    {},
    element(
      "button",
      { class: "tile", type: "button", onclick: jump },
      element("span", { class: "what" }, words.short),
      element("strong", { class: told.rises ? "rises" : "falls" }, told.change),
      element("span", { class: "range" }, told.band ? say("90 %: {band}", { band: told.band }) : " "),
      element("span", { class: "levels" }, told.levels),
    ),
  );
}

function hint(answers) {
  const text = answers.same
    ? say("Nothing yet: move a lever, or start from a scenario.")
    : say("No outcome differs by half a percent or more.");
  return element("li", { class: "hint" }, text);
}
