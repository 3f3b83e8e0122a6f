// Paths over time, as engine/profiles.py reads them: straight between knots, constant outside them. At a knot the value
// is `before` from the left and `after` from the right.

const NEAR = 1e-4; // year: how near a date must be to a point of the step grid to mean it

function constantProfile(value, time = 0) {
  return { times: [time], before: [value], after: [value] };
}

function readProfile(profile, time, fromLeft) {
  const { times, before, after } = profile;
  let place = 0;
  while (place < times.length && (fromLeft ? times[place] < time : times[place] <= time)) place++;
  if (place === 0) return before[0];
  if (place === times.length) return after[place - 1];
  const share = (time - times[place - 1]) / (times[place] - times[place - 1]);
  const start = after[place - 1];
  return share === 0 ? start : start + (before[place] - start) * share;
}

function movedProfile(profile, move) {
  return { ...profile, times: profile.times.map(move) };
}

function snappedProfile(profile, dt) {
  return movedProfile(profile, (time) => Math.round(time / dt) * dt);
}

// One profile before `time`, another from then on.
function profileUntil(early, time, later) {
  const first = early.times.flatMap((t, i) => (t < time ? [i] : []));
  const last = later.times.flatMap((t, i) => (t > time ? [i] : []));
  const joined = (key, middle) => [...first.map((i) => early[key][i]), middle, ...last.map((i) => later[key][i])];
  return {
    times: joined("times", time),
    before: joined("before", readProfile(early, time, true)),
    after: joined("after", readProfile(later, time, false)),
  };
}

// Series and levers, sampled at the start, the middle and the end of every step; time last. The end of a step is read
// from the left: a jump belongs to what follows it.
function sampledInputs(profiles, grid) {
  const width = profiles.length + 1;
  const inputs = new Float64Array(3 * (grid.steps + 1) * width);
  const near = (t) => grid.start + grid.dt * Math.round((t - grid.start) / grid.dt);
  const aligned = profiles.map((p) => movedProfile(p, (t) => (Math.abs(near(t) - t) < NEAR ? near(t) : t)));
  for (let point = 0; point < 3 * (grid.steps + 1); point++) {
    const column = point % 3;
    const time = grid.start + grid.dt * ((point - column) / 3 + column / 2);
    aligned.forEach((profile, k) => {
      inputs[point * width + k] = readProfile(profile, time, column === 2);
    });
    inputs[point * width + width - 1] = time;
  }
  return inputs;
}
