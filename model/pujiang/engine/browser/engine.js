// Takes the steps of a written program: classical Runge-Kutta of order four or Euler's method, on a fixed grid.
// Inputs are laid out by time point: the start, the middle and the end of every step, and of the end of the run.

const COLUMNS = { rk4: [0, 1, 1, 2], euler: [0] };
const WEIGHTS = { rk4: [1 / 6, 1 / 3, 1 / 3, 1 / 6], euler: [1] };
const REACH = [0, 0.5, 0.5, 1];

// What depends on inputs and levers alone, at every time point: the same for all members of a case.
function timedValues(program, grid, inputs) {
  const points = 3 * (grid.steps + 1);
  const width = program.series.length + program.levers.length + 1;
  const all = new Float64Array(points * program.timed_values);
  const one = new Float64Array(program.timed_values);
  for (let point = 0; point < points; point++) {
    program.timed(inputs, point * width, one);
    all.set(one, point * program.timed_values);
  }
  return all;
}

// What each fixed delay gives before it has run for its length, stage by stage; later the ring it remembers in.
function delayRings(program, grid, held, timed, columns) {
  const rings = program.lags.map((lag) => new Float64Array(lag * columns.length));
  const nothing = new Float64Array(0);
  const found = new Float64Array(program.lags.length);
  const longest = Math.min(Math.max(0, ...program.lags), grid.steps + 1);
  for (let step = 0; step < longest; step++) {
    columns.forEach((column, stage) => {
      program.before(nothing, nothing, held, timed, (3 * step + column) * program.timed_values, found);
      rings.forEach((ring, k) => {
        if (step < program.lags[k]) ring[step * columns.length + stage] = found[k];
      });
    });
  }
  return rings;
}

// Annual values of every scalar outcome, outcome by outcome: a stock at the end of the year, a flow as its integral
// over it, a ratio of two of these. `timed` is what timedValues gives, `inputs` what it was made of.
function simulate(program, grid, parameters, inputs, timed) {
  const columns = COLUMNS[grid.method];
  const weights = WEIGHTS[grid.method];
  const stages = columns.length;
  const states = program.states;
  const openings = new Float64Array(program.openings);
  const held = new Float64Array(program.run);
  const start = new Float64Array(states);
  program.start(parameters, inputs, 0, start, openings);
  program.once(parameters, openings, held);
  const rings = delayRings(program, grid, held, timed, columns);
  const lags = program.lags;

  const state = start;
  const at = new Float64Array(states);
  const rate = new Float64Array(states);
  const change = new Float64Array(states);
  const integrand = new Float64Array(program.integrals);
  const running = new Float64Array(program.integrals);
  const delayed = new Float64Array(lags.length);
  const arriving = new Float64Array(lags.length);
  const perYear = Math.round(1 / grid.dt);
  const years = grid.steps / perYear;
  const integrals = new Float64Array(years * program.integrals);
  const snapshots = new Float64Array(years * program.snapshots);
  const seen = new Float64Array(program.snapshots);

  const read = (step, stage) => {
    for (let k = 0; k < lags.length; k++) delayed[k] = rings[k][(step % lags[k]) * stages + stage];
  };
  for (let step = 0; step < grid.steps; step++) {
    change.fill(0);
    for (let stage = 0; stage < stages; stage++) {
      const reach = REACH[stage] * grid.dt;
      if (stage === 0) at.set(state);
      else for (let n = 0; n < states; n++) at[n] = state[n] + reach * rate[n];
      read(step, stage);
      const point = (3 * step + columns[stage]) * program.timed_values;
      program.stage(at, delayed, held, timed, point, rate, integrand, arriving);
      for (let k = 0; k < lags.length; k++) rings[k][(step % lags[k]) * stages + stage] = arriving[k];
      const weight = weights[stage];
      for (let n = 0; n < states; n++) change[n] += weight * rate[n];
      const share = grid.dt * weight;
      for (let n = 0; n < running.length; n++) running[n] += share * integrand[n];
    }
    for (let n = 0; n < states; n++) state[n] += grid.dt * change[n];
    if ((step + 1) % perYear === 0) {
      const year = (step + 1) / perYear - 1;
      read(step + 1, 0);
      program.observe(state, delayed, held, timed, 3 * (step + 1) * program.timed_values, seen);
      snapshots.set(seen, year * program.snapshots);
      integrals.set(running, year * program.integrals);
      running.fill(0);
    }
  }
  return annualValues(program, years, snapshots, integrals);
}

function annualValues(program, years, snapshots, integrals) {
  const out = new Float64Array(program.places.length * years);
  program.places.forEach(([kind, place], k) => {
    for (let year = 0; year < years; year++) {
      const of = (n) => integrals[year * program.integrals + n];
      let value;
      if (kind === 0) value = snapshots[year * program.snapshots + place];
      else if (kind === 1) value = of(place);
      else value = of(place[1]) === 0 ? 0 : of(place[0]) / of(place[1]);
      out[k * years + year] = value;
    }
  });
  return out;
}
