// The network's behaviour in the app. Streamlit calls the default function again on every rerun
// with the same parentElement, so what must outlive a rerun is kept on the frame.

const LIBRARY_READY = "tsunagi-vis-ready";

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const frame = parentElement.querySelector(".network-frame");
  frame.tsunagi ??= { drawn: null, view: null, centred: null };
  frame.querySelector(".legend").innerHTML = data.picture.legend;
  const show = () => {
    showPicture(frame, data, (id) => setTriggerValue("agency", id));
    showCentre(frame, data);
  };
  if (globalThis.vis?.Network) show();
  else document.addEventListener(LIBRARY_READY, show, { once: true });
  showTools(frame, data.words);
  return () => document.removeEventListener(LIBRARY_READY, show);
}

function showPicture(frame, data, choose) {
  const state = frame.tsunagi;
  state.choose = choose;
  const text = JSON.stringify([data.picture.nodes, data.picture.edges]);
  if (text === state.drawn) return;
  state.view?.network.destroy();
  const stage = frame.querySelector(".stage");
  delete stage.dataset.painted;
  state.view = drawNetwork(stage, data.picture, globalThis.vis);
  state.drawn = text;
  state.centred = null;
  state.view.network.on("click", (event) => state.choose(event.nodes[0] ?? ""));
}

// An agency chosen outside the picture is brought to its middle, once; in its own surroundings,
// which are all to be seen, it is only marked.
function showCentre(frame, { centre, surroundings }) {
  const state = frame.tsunagi;
  if (centre === state.centred) return;
  state.centred = centre;
  if (centre && surroundings) state.view.select(centre);
  else if (centre) state.view.centre(centre);
}

function showTools(frame, words) {
  const actions = [
    [words.whole, () => frame.tsunagi.view?.fit()],
    ["＋", () => frame.tsunagi.view?.zoom(1.4), words.nearer],
    ["－", () => frame.tsunagi.view?.zoom(1 / 1.4), words.farther],
    [words.full_screen, () => toggleFullScreen(frame)],
  ];
  frame.querySelector(".tools").replaceChildren(
    ...actions.map(([label, action, spoken]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      if (spoken) button.setAttribute("aria-label", spoken);
      button.onclick = action;
      return button;
    }),
  );
}

function toggleFullScreen(frame) {
  if (document.fullscreenElement) document.exitFullscreen();
  else frame.requestFullscreen?.();
}
