// The ensemble: numbers packed to the last bit, and the parameters of each member.

function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function unpacked(text) {
  return new Float64Array(bytesOf(text).buffer);
}

// The errors of the model, which levels carry and differences do not: what the draws of an outcome are multiplied by.
function errorsOf() {
  const errors = new Float32Array(bytesOf(data.errors).buffer);
  const years = data.years.length;
  const draws = data.members.count - 1;
  return (place, draw, year) => {
    const row = data.outcomes[place].error;
    return row < 0 ? 1 : Math.exp(errors[(row * draws + draw) * years + year]);
  };
}

// Declared values, the draws of the member (0 is the central one), and what a case fixes in all of them.
function memberParameters(ensemble, member, fixed) {
  const parameters = ensemble.defaults.slice();
  const width = ensemble.varying.length;
  ensemble.varying.forEach((place, k) => {
    parameters[place] = ensemble.values[member * width + k];
  });
  for (const [place, value] of fixed) parameters[place] = value;
  return parameters;
}
