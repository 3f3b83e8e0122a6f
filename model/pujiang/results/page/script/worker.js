// A worker: told the ensemble once and each case once, it runs the members it is asked for, a few at a time.

const KEPT = 6; // cases it remembers
const told = { ensemble: null, grid: null, cases: new Map() };

self.onmessage = ({ data: message }) => {
  if (message.ensemble) {
    told.ensemble = message.ensemble;
    told.grid = message.grid;
    return;
  }
  if (message.inputs) {
    told.cases.delete(message.key); // and last again: the first is the oldest
    told.cases.set(message.key, message);
    if (told.cases.size > KEPT) told.cases.delete(told.cases.keys().next().value);
  }
  const { inputs, timed, fixed } = told.cases.get(message.key);
  const runs = [];
  for (let member = message.first; member < message.last; member++) {
    runs.push(simulate(program, told.grid, memberParameters(told.ensemble, member, fixed), inputs, timed));
  }
  self.postMessage({ key: message.key, first: message.first, runs }, runs.map((run) => run.buffer));
};
