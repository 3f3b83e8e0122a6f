// What the page says, in the language of the reader: a message is its own English.

const data = JSON.parse(byId("content").textContent);
const reader = { language: document.documentElement.lang === "zh" ? "zh" : "en" };

function say(text, values = {}) {
  const said = reader.language === "zh" ? (data.zh[text] ?? text) : text;
  return said.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// The attributes of a text that has no translation: a screen reader should not read English as Chinese.
function languageOf(text) {
  return reader.language === "zh" && data.zh[text] === undefined ? { lang: "en" } : {};
}
