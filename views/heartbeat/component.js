// Asks every second and a half whether the database and the app answer, and says it in a bar at the
// foot of the window when they do not. The bar is in the top layer, so that it is seen over a
// picture in full screen, and belongs to the document: it outlives what Streamlit draws anew.

const EVERY_MS = 1500;
const PATIENCE_MS = 5000;
const BAR = "tsunagi-away";

export default function (component) {
  const state = (document.tsunagiHeartbeat ??= { data: null, gone: 0, timer: null });
  state.data = component.data;
  state.timer ??= setInterval(() => look(state), EVERY_MS);
}

async function look(state) {
  if (state.looking) return;
  state.looking = true;
  const found = await ask();
  state.looking = false;
  // One request may fail by chance, or because the page is being left.
  state.gone = found === "gone" ? state.gone + 1 : 0;
  if (found === "away" && !isSaid(state.data.said)) show(state.data.words.away);
  else if (state.gone > 1) show(state.data.words.gone);
  else if (found !== "gone") hide();
}

// "well", "away" (the database), "gone" (the app), or "" where nobody can tell.
async function ask() {
  try {
    const answer = await fetch("/healthz", {
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const words = await answer.text();
    return { ok: "well", away: "away" }[words] ?? "";
  } catch {
    return "gone";
  }
}

// What the app says itself is not to be seen beside a picture in full screen.
function isSaid(container) {
  return !document.fullscreenElement && document.getElementsByClassName(container).length > 0;
}

function show(words) {
  let bar = document.getElementById(BAR);
  if (!bar) {
    bar = document.createElement("div");
    bar.id = BAR;
    bar.setAttribute("role", "alert");
    bar.setAttribute("popover", "manual");
    Object.assign(bar.style, {
      position: "fixed", inset: "auto 0 0 0", width: "100%", margin: "0", border: "0",
      boxSizing: "border-box", padding: ".7rem 1.2rem", textAlign: "center", fontSize: "1.05rem",
      fontFamily: "inherit", color: "#fff", background: "#8c1d18",
    });
    document.body.append(bar);
    bar.showPopover?.();
  }
  if (bar.textContent !== words) bar.textContent = words;
}

function hide() {
  document.getElementById(BAR)?.remove();
}
