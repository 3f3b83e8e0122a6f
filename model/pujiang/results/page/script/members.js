// The ensemble: numbers packed to the last bit, and the parameters of each member.

function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float64Array(bytes.buffer);
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
