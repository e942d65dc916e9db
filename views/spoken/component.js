// Says which language the page speaks, and says in it what Streamlit's own controls say in English
// only. What they said is kept, so that a switch back to English finds it. Words are pairs of
// Streamlit's own and ours; "{name}" in both stands for the same text.

const ATTRIBUTES = ["aria-label", "title", "placeholder", "aria-valuetext"];
const NAMED = ATTRIBUTES.map((name) => `[${name}]`).join();
// Where Streamlit writes texts of its own; anywhere else a text is one of ours or of the data.
const WRITTEN = [
  "[data-testid=stSkipToContent]", "[data-testid=stMainMenuItemLabel]",
  "[data-testid=stFileUploaderDropzone] *", "[data-testid=stFileUploaderDropzoneInstructions] *",
  "[data-testid=stSelectboxVirtualDropdown] span", "[data-testid=stMultiSelectDropdown] span",
  "[data-testid=stMultiSelectDropdown] div", "[data-testid=stDateInputCalendar] span",
  "[data-testid=stStatusWidget] button", "[data-live-announcer] div",
  "[id^=react-aria-description]",
].join();
const MONTH = /^(\d+) – [A-Z][a-z]+$/;
const DAY = /^[A-Z][a-z]+ \d{1,2}, \d{4}$/;

export default function (component) {
  const { language, words } = component.data;
  const state = (document.tsunagiSpoken ??= watch());
  document.documentElement.lang = language;
  if (state.language === language) return;
  restore(state);
  state.language = language;
  state.words = words.map(([theirs, ours]) => [readPattern(theirs), ours]);
  state.observer.disconnect();
  if (language === "en") return;
  speak(state, document.body);
  state.observer.observe(document.body, {
    subtree: true, childList: true, characterData: true,
    attributes: true, attributeFilter: ATTRIBUTES,
  });
}

function watch() {
  const state = { said: new Map(), language: "en", words: [] };
  state.observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") speakNames(state, target);
      else if (type === "characterData") speakText(state, target);
      else for (const node of addedNodes) speak(state, node);
    }
    forget(state);
  });
  return state;
}

function readPattern(theirs) {
  const [before, after] = theirs.split("{name}");
  if (after === undefined) return (text) => (text === theirs ? "" : null);
  return (text) =>
    text.length > before.length + after.length && text.startsWith(before) && text.endsWith(after)
      ? text.slice(before.length, text.length - after.length)
      : null;
}

function speak(state, node) {
  if (node.nodeType === Node.TEXT_NODE) speakText(state, node);
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  speakNames(state, node);
  for (const each of node.querySelectorAll(NAMED)) speakNames(state, each);
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) speakText(state, texts.currentNode);
}

function speakNames(state, element) {
  for (const name of ATTRIBUTES) {
    const theirs = element.getAttribute(name);
    const ours = theirs && translate(state, theirs);
    if (!ours) continue;
    keep(state, element, name, theirs, ours);
    element.setAttribute(name, ours);
  }
}

function speakText(state, node) {
  if (!node.parentElement?.matches(WRITTEN)) return;
  const ours = translate(state, node.data);
  if (!ours) return;
  keep(state, node, "data", node.data, ours);
  node.data = ours;
}

function translate(state, theirs) {
  const month = MONTH.exec(theirs);
  if (month) return writeDate(state.language, new Date(2000, month[1] - 1), { month: "long" });
  for (const [match, ours] of state.words) {
    const name = match(theirs);
    if (name === null) continue;
    const said = DAY.test(name)
      ? writeDate(state.language, new Date(name), { dateStyle: "long" })
      : name;
    return ours.replace("{name}", () => said);
  }
  return null;
}

function writeDate(language, date, style) {
  return new Intl.DateTimeFormat(language, style).format(date);
}

function keep(state, node, name, theirs, ours) {
  if (!state.said.has(node)) state.said.set(node, {});
  state.said.get(node)[name] = { theirs, ours };
}

// Streamlit has taken most of what it draws away again a while later.
function forget(state) {
  if (state.said.size < 2_000) return;
  for (const node of state.said.keys()) if (!node.isConnected) state.said.delete(node);
}

function restore(state) {
  state.observer.disconnect();
  for (const [node, names] of state.said) {
    for (const [name, { theirs, ours }] of Object.entries(names)) {
      if (name === "data") {
        if (node.data === ours) node.data = theirs;
      } else if (node.getAttribute(name) === ours) node.setAttribute(name, theirs);
    }
  }
  state.said.clear();
}
