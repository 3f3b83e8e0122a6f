// Fans: all members of the cases wanted, run by workers a few at a time, the most recent case first.

const AT_ONCE = 4; // members a worker runs before it looks what is wanted most now
const AHEAD = 2; // requests a worker has at hand, so that it never waits for the page
const REMEMBERED = 12; // cases whose fans are kept

function ensembleOf() {
  return {
    defaults: unpacked(data.defaults),
    varying: data.varying,
    values: unpacked(data.members.values),
    count: data.members.count,
  };
}

// `onProgress` is called when members have arrived. want(cases) says which are wanted, the most urgent first.
function fanPool(ensemble, onProgress) {
  const draws = ensemble.count - 1;
  const fans = new Map();
  const wanted = { keys: [] };
  const source = `${byId("engine").textContent}\n${byId("worker").textContent}`;
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const size = draws > 0 ? Math.min(8, Math.max(2, navigator.hardwareConcurrency || 2)) : 0;
  const workers = Array.from({ length: size }, () => {
    const worker = { thread: new Worker(address), waiting: 0, knows: new Set() };
    worker.thread.postMessage({ ensemble, grid: data.grid });
    worker.thread.onmessage = ({ data: found }) => {
      worker.waiting -= 1;
      const fan = fans.get(found.key);
      if (fan) {
        found.runs.forEach((run, k) => {
          const place = found.first - 1 + k;
          fan.done += fan.runs[place] === undefined ? 1 : 0;
          fan.runs[place] = run;
        });
        onProgress(found.key);
      }
      dispatch();
    };
    return worker;
  });

  function dispatch() {
    const ready = Array.from({ length: AHEAD }, (_, n) => workers.filter((one) => one.waiting <= n)).flat();
    for (const worker of ready.filter((one) => one.waiting < AHEAD)) {
      const fan = wanted.keys.map((key) => fans.get(key)).find((one) => one.next <= draws);
      if (!fan) return;
      const first = fan.next;
      fan.next = Math.min(draws + 1, first + AT_ONCE);
      const message = { key: fan.key, first, last: fan.next };
      if (!worker.knows.has(fan.key)) {
        // A worker forgets old cases: told anew, it knows.
        if (worker.knows.size >= 5) worker.knows.clear();
        worker.knows.add(fan.key);
        Object.assign(message, { inputs: fan.inputs, timed: fan.timed, fixed: fan.fixed });
      }
      worker.waiting += 1;
      worker.thread.postMessage(message);
    }
  }

  function want(cases) {
    wanted.keys = cases.map((one) => one.key);
    for (const { key, inputs, timed, fixed } of cases) {
      const known = fans.get(key);
      fans.delete(key);
      fans.set(key, known ?? { key, inputs, timed, fixed, runs: new Array(draws), next: 1, done: 0 });
    }
    for (const key of fans.keys()) if (fans.size > REMEMBERED && !wanted.keys.includes(key)) fans.delete(key);
    dispatch();
  }

  return { want, draws, fan: (key) => fans.get(key) };
}
