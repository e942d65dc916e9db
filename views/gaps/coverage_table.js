// The coverage table in the browser. One cell is in the tab order; arrow keys move among cells.
// Streamlit calls the default function again on every rerun with the same parentElement.

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const frame = parentElement.querySelector(".coverage");
  if (frame.tsunagi !== data.html) {
    frame.innerHTML = data.html; // made by write_table, which escapes every text
    frame.tsunagi = data.html;
  }
  mark(frame, data.selected);
  frame.onclick = (event) => {
    const button = event.target.closest("button[data-cell]");
    if (!button) return;
    mark(frame, button.dataset.cell);
    setStateValue("cell", button.dataset.cell);
  };
  frame.onkeydown = (event) => {
    const move = MOVES[event.key];
    const button = event.target.closest("button[data-cell]");
    if (!move || !button) return;
    const target = findNeighbour(frame, button, move);
    if (!target) return;
    event.preventDefault();
    button.tabIndex = -1;
    target.tabIndex = 0;
    target.focus();
  };
}

function mark(frame, selected) {
  const buttons = [...frame.querySelectorAll("button[data-cell]")];
  for (const button of buttons) {
    const chosen = button.dataset.cell === selected;
    button.setAttribute("aria-pressed", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
  }
  if (buttons.length && !buttons.some((button) => button.tabIndex === 0)) buttons[0].tabIndex = 0;
}

function findNeighbour(frame, button, [down, right]) {
  const rows = [...frame.querySelectorAll("tbody tr")];
  const row = button.closest("tr");
  const column = [...row.querySelectorAll("button")].indexOf(button);
  return rows[rows.indexOf(row) + down]?.querySelectorAll("button")[column + right];
}
