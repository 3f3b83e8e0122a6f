// The goals of the plan, and how likely each case reaches them.

function goalsShown() {
  const last = data.years[data.years.length - 1];
  return data.goals.filter((goal) => goal.outcome && placeOf(goal.outcome) >= 0 && goal.year >= data.policyFrom && goal.year <= last);
}

// `draw` is the number of a draw, which levels carry the errors of; the central run has none.
function reaches(run, goal, draw = -1) {
  const place = placeOf(goal.outcome);
  const course = courseOf(run, place);
  const at = (year) => {
    const i = data.years.indexOf(year);
    return course[i] * (draw < 0 ? 1 : errorOf(place, draw, i));
  };
  return (goal.base_year === null ? at(goal.year) : at(goal.year) / at(goal.base_year)) >= goal.value;
}

// The share of the draws that reach a goal; null while there are too few to say.
const ENOUGH = 50;

function goalShare(goal, fan) {
  const arrived = fan ? [...fan.runs.keys()].filter((k) => fan.runs[k]) : [];
  if (arrived.length < Math.min(ENOUGH, Math.max(1, data.members.count - 1))) return null;
  const reached = arrived.filter((k) => reaches(fan.runs[k], goal, k));
  return { share: reached.length / arrived.length, members: arrived.length };
}

function goalCell(role, answer, goal) {
  const found = goalShare(goal, answer.fan);
  const central = reaches(answer.central, goal) ? say("yes") : say("no");
  const bar = element("span", { class: `bar ${role}`, "aria-hidden": "true" }, element("span", {}));
  bar.firstChild.style.inlineSize = `${found ? 100 * found.share : 0}%`;
  const text = found ? shareText(found.share, found.members) : say("central member: {answer}", { answer: central });
  return element("td", {}, bar, element("span", { class: "share" }, text));
}

function drawGoals(answers) {
  const goals = goalsShown();
  byId("goals-part").hidden = !goals.length;
  const cases = answers.same ? [["current", answers.current]] : [["against", answers.against], ["current", answers.current]];
  const title = (role) => titleOf(role === "current" ? state.current : state.against);
  const head = element(
    "tr",
    {},
    element("th", { scope: "col" }, say("Goal")),
    cases.map(([role]) => element("th", { scope: "col" }, element("span", { class: `key ${role}` }), ` ${title(role)}`)),
  );
  const rows = goals.map((goal) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, `${goal.year}: ${say(goal.text)}`),
      cases.map(([role, answer]) => goalCell(role, answer, goal)),
    ),
  );
  byId("goals").replaceChildren(element("thead", {}, head), element("tbody", {}, rows));
}
