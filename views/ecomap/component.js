// The ecomap's behaviour in the browser. Streamlit calls the default function again on every
// rerun with the same parentElement, so what must outlive a rerun is kept on the frame.

const KEYS = { ArrowLeft: "previous", ArrowRight: "next", d: "difference", p: "present" };
const SLIDE_KEYS = {
  PageDown: "next_view", n: "next_view", PageUp: "previous_view", b: "previous_view",
};
const PICTURES = ["save_svg", "save_png", "print"];
const FILES = ["save_xlsx", "save_html", "save_graphml", "save_gexf", "save_kumu"];
const PNG_SCALE = 2;
const AWAKE_MS = 3_000;
const SVG = "http://www.w3.org/2000/svg";

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const frame = parentElement.querySelector(".ecomap-frame");
  const state = (frame.tsunagi ??= { svgText: null, filter: null, selected: null, given: null });
  state.fileName = data.file_name;
  state.presenting = data.presenting;
  state.onPath = data.on_path;
  state.saving = data.saving;
  state.letters = data.letters;
  state.words = data.words;
  const send = (command, agency = null) => setTriggerValue("done", { command, agency });
  takeSelection(state, data.selected ?? null);

  showPicture(frame, state, data.svg);
  showTools(frame, state, data.words, send);
  takeFile(frame, state, data.file);
  showSlide(frame, data.slide);
  mark(frame, state);

  frame.onclick = (event) => act(frame, state, event.target, send);
  const onKey = (event) => pressKey(frame, state, event, send);
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

// A page learns of a click only after it has passed the selection of the run before, so what
// was passed counts only when it changes; until then the browser's own selection stands.
function takeSelection(state, given) {
  if (given === state.given) return;
  state.given = given;
  state.selected = given;
}

function showPicture(frame, state, svgText) {
  if (svgText === state.svgText) return;
  const parsed = new DOMParser().parseFromString(svgText, "image/svg+xml").documentElement;
  if (parsed.nodeName !== "svg") return;
  const focused = activeElement(frame)?.dataset?.agency;
  // The page has the same as a table: read aloud at every entry into the picture it would be long.
  parsed.querySelector(":scope > desc")?.remove();
  frame.querySelector(".stage").replaceChildren(document.importNode(parsed, true));
  state.svgText = svgText;
  if (focused) findAgency(frame, focused)?.focus();
  showKeys(frame, state);
}

// In a narrow picture the legend is too small to read and to press: its entries stand below the
// picture as well, as buttons with the same marks, and the style sheet shows one of the two.
function showKeys(frame, state) {
  const keys = frame.querySelector(".keys");
  keys.setAttribute("aria-label", state.words.legend);
  const all = [...frame.querySelectorAll("svg.ecomap .key")];
  keys.replaceChildren(...all.map((key) => makeKey(frame, state, key)));
}

function makeKey(frame, state, key) {
  const { filter } = key.dataset;
  const entry = document.createElement(filter ? "button" : "span");
  const hit = key.querySelector(".hit");
  const box = ["x", "y", "width", "height"].map((name) => hit.getAttribute(name));
  const mark = document.createElementNS(SVG, "svg");
  mark.setAttribute("viewBox", box.join(" "));
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", key.getAttribute("aria-label"));
  mark.style.aspectRatio = `${box[2]} / ${box[3]}`;
  mark.append(...[...key.children].map((part) => part.cloneNode(true)));
  entry.append(mark);
  entry.className = "entry";
  if (filter) {
    entry.type = "button";
    entry.dataset.filter = filter;
    entry.onclick = (event) => {
      event.stopPropagation();
      toggleFilter(frame, state, filter);
    };
  }
  return entry;
}

function showTools(frame, state, words, send) {
  const tools = frame.querySelector(".tools");
  const saving = [
    ...PICTURES.map((command) => [words[command], () => send(command)]),
    ...FILES.map((command) => [words[command], () => send(command), "file"]),
  ];
  const actions = [
    [words.full_screen, () => toggleFullScreen(frame)],
    ...(state.saving ? saving : []),
  ];
  const buttons = actions.map(([label, action, kind]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = kind ?? "";
    button.textContent = label;
    button.onclick = (event) => {
      event.stopPropagation();
      action();
    };
    return button;
  });
  tools.replaceChildren(...buttons);
  frame.onfullscreenchange = () => {
    const full = fullScreenElement(frame) === frame;
    buttons[0].textContent = full ? words.leave_full_screen : words.full_screen;
  };
  frame.onpointermove = () => wake(frame, state);
}

// What the page hands out once it is on record that it leaves: the picture, which is here, or a
// file that was made for a button of full screen, where the page's menu is hidden.
function takeFile(frame, state, file) {
  if (!file || file.number === state.fileNumber) return;
  state.fileNumber = file.number;
  if (file.kind === "svg") return saveSvg(state);
  if (file.kind === "png") return savePng(state);
  if (file.kind === "print") return printPicture(frame, state);
  const bytes = Uint8Array.from(atob(file.content), (letter) => letter.charCodeAt(0));
  save(new Blob([bytes], { type: file.mime }), file.name);
}

// In full screen the buttons show while the pointer moves, as those of a film do.
function wake(frame, state) {
  frame.classList.add("awake");
  clearTimeout(state.sleep);
  state.sleep = setTimeout(() => frame.classList.remove("awake"), AWAKE_MS);
}

// Which of the saved views is on the wall; the picture's own part of the screen, so that full
// screen shows it too.
function showSlide(frame, words) {
  const slide = frame.querySelector(".slide");
  slide.textContent = words ?? "";
  slide.hidden = !words;
}

function act(frame, state, target, send) {
  const key = target.closest?.(".key[data-filter]");
  if (key) {
    toggleFilter(frame, state, key.dataset.filter);
    return;
  }
  const agency = target.closest?.("[data-agency]")?.dataset.agency;
  if (agency) {
    state.selected = agency;
    mark(frame, state);
    announce(frame, state, agency);
    send("select", agency);
  }
}

function toggleFilter(frame, state, filter) {
  state.filter = state.filter === filter ? null : filter;
  mark(frame, state);
}

// Who does not see that the details have come up beside the picture hears it.
function announce(frame, state, agency) {
  const name = findAgency(frame, agency)?.getAttribute("aria-label") ?? "";
  frame.querySelector(".said").textContent = state.words.selected.replace("{name}", () => name);
}

function pressKey(frame, state, event, send) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (!frame.isConnected || !isOurs(frame, event)) return;
  const isLetter = event.key.length === 1 && event.key !== " ";
  if (isLetter && !state.letters) return;
  const name = isLetter ? event.key.toLowerCase() : event.key;
  if (name === "Enter" || name === " ") {
    const target = activeElement(frame)?.closest?.(".card, .ego, .key[data-filter]");
    if (!target) return;
    act(frame, state, target, send);
  } else if (name === "Escape") {
    clear(frame, state, send);
  } else if (name === "f") {
    toggleFullScreen(frame);
  } else if (name === "s" && state.saving) {
    send("save_svg");
  } else if (name === "i" && state.saving) {
    send("save_png");
  } else if (KEYS[name]) {
    send(KEYS[name]);
  } else if (state.presenting && SLIDE_KEYS[name]) {
    send(SLIDE_KEYS[name]);
  } else {
    return;
  }
  event.preventDefault();
}

// A key belongs to the picture unless somebody writes or chooses elsewhere: in a meeting nobody
// clicks into the picture before pressing an arrow key.
const TAKES_LETTERS =
  "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]," +
  " [role=combobox], [role=option]";
const TAKES_ARROWS = `${TAKES_LETTERS}, [role=slider], [role=radio], [role=tab], [role=menuitem]`;

function isOurs(frame, event) {
  const taken = event.key.startsWith("Arrow") ? TAKES_ARROWS : TAKES_LETTERS;
  return event.composedPath().includes(frame) || !document.activeElement?.closest(taken);
}

function clear(frame, state, send) {
  if (state.filter === null && state.selected === null) {
    if (state.onPath) send("clear"); // Esc ends the path first, then the presentation
    else if (state.presenting) send("present");
    return;
  }
  const wasSelected = state.selected !== null;
  state.filter = null;
  state.selected = null;
  mark(frame, state);
  if (wasSelected) send("clear");
}

function mark(frame, state) {
  const all = (selector) => [...frame.querySelectorAll(selector)];
  const lit = new Set(
    all(".card").filter((card) => cardMatches(card, state.filter, all)).map((c) => c.dataset.agency),
  );
  for (const card of all(".card, .ego")) {
    const isCard = card.classList.contains("card");
    card.classList.toggle("dim", isCard && state.filter !== null && !lit.has(card.dataset.agency));
    card.classList.toggle("selected", card.dataset.agency === state.selected);
    if (card.getAttribute("role") === "button")
      card.setAttribute("aria-pressed", String(card.dataset.agency === state.selected));
  }
  for (const tie of all(".tie")) {
    tie.classList.toggle("dim", state.filter !== null && !tieMatches(tie, state.filter, lit));
    const aside = state.selected !== null && !touches(tie, state.selected);
    tie.classList.toggle("soft", state.filter === null && aside);
  }
  for (const outline of all(".outline")) {
    outline.classList.toggle("dim", state.filter !== null && !lit.has(outline.dataset.outline));
  }
  for (const box of all(".empty")) box.classList.toggle("dim", state.filter !== null);
  for (const key of all(".key[data-filter], .entry[data-filter]")) {
    const pressed = key.dataset.filter === state.filter;
    key.classList.toggle("pressed", pressed);
    key.setAttribute("aria-pressed", String(pressed));
  }
}

function cardMatches(card, filter, all) {
  if (filter === null) return true;
  const [kind, value] = filter.split(":");
  const has = (list) => (list ?? "").split(" ").includes(value);
  if (kind === "line") return has(card.dataset.lines);
  if (kind === "stage") return card.dataset.stage === value;
  if (kind === "field") return card.dataset.field === value;
  if (kind === "group") return has(card.dataset.groups);
  if (kind === "changed") return Boolean(card.dataset.change);
  if (kind === "centre") return hasCentre(card, value);
  if (kind === "shared") return hasCentre(card, "0") && hasCentre(card, "1");
  return all(".chord").some((chord) => touches(chord, card.dataset.agency));
}

function hasCentre(card, centre) {
  return (card.dataset.centres ?? "").split(" ").includes(centre);
}

function tieMatches(tie, filter, lit) {
  const [kind, value] = filter.split(":");
  const chord = tie.classList.contains("chord");
  if (kind === "chord") return chord;
  if (kind === "line") return !chord && tie.dataset.line === value;
  if (kind === "centre") return tie.dataset.centre === value;
  const ends = [tie.dataset.source, tie.dataset.target].filter((end) => lit.has(end));
  return ends.length === (chord ? 2 : 1);
}

function touches(tie, agency) {
  return tie.dataset.source === agency || tie.dataset.target === agency;
}

function findAgency(frame, agency) {
  return [...frame.querySelectorAll("[data-agency]")].find((e) => e.dataset.agency === agency);
}

function activeElement(frame) {
  return frame.getRootNode().activeElement;
}

function fullScreenElement(frame) {
  return frame.getRootNode().fullscreenElement ?? document.fullscreenElement;
}

function toggleFullScreen(frame) {
  if (document.fullscreenElement) document.exitFullscreen();
  else frame.requestFullscreen?.();
}

function saveSvg(state) {
  save(new Blob([state.svgText], { type: "image/svg+xml" }), `${state.fileName}.svg`);
}

async function savePng(state) {
  const url = URL.createObjectURL(new Blob([state.svgText], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * PNG_SCALE;
    canvas.height = image.naturalHeight * PNG_SCALE;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    save(blob, `${state.fileName}.png`);
  } finally {
    URL.revokeObjectURL(url);
  }
}

// Prints the picture alone on one landscape page; the browser's dialog chooses paper or PDF.
function printPicture(frame, state) {
  const sheet = document.createElement("iframe");
  sheet.className = "sheet";
  sheet.onload = () => {
    sheet.contentWindow.onafterprint = () => sheet.remove();
    sheet.contentWindow.print();
  };
  sheet.srcdoc =
    "<style>@page{size:landscape;margin:8mm}body{margin:0}" +
    "svg{display:block;width:100%;height:auto;max-height:96vh}</style>" +
    state.svgText;
  frame.append(sheet);
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
