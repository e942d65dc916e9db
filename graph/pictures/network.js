// Draws the network with vis-network: fixed places, the kanji of the fields on the signs, the
// strokes of the ecomap that the library does not have, and the names as a map has them: always
// large enough to be read, each where there is room, the best connected first. A plain script, so
// that a page of its own and a component of the app can both use it.

const LEAST_NAME_PX = 12; // on the screen, however far away
const LEAST_NAME_PX_OF_HUBS = 15;
const NAME_LINE_EM = 1.2;
const CELL = 150; // of the index of signs; one sign of the layout has so much room
const CELLS_IN_A_COLUMN = 2 ** 20; // more than any picture has

function drawNetwork(container, picture, vis) {
  const data = {
    nodes: new vis.DataSet(picture.nodes),
    edges: new vis.DataSet(picture.edges),
  };
  const network = new vis.Network(container, data, picture.options);
  const places = new Map(picture.nodes.map((node) => [node.id, node]));
  const margin = { animation: false, maxZoomLevel: 1.3 };
  network.on("beforeDrawing", (context) => {
    for (const [source, target, kind, colour] of picture.marks) {
      drawMark(context, places.get(source), places.get(target), kind, colour);
    }
  });
  const ranked = picture.nodes.toSorted((one, other) => one.rank - other.rank);
  const signs = indexSigns(picture.nodes);
  network.on("afterDrawing", (context) => {
    const scale = network.getScale();
    drawSigns(context, picture, scale);
    const chosen = new Set(network.getSelectedNodes());
    const first = ranked.filter((node) => chosen.has(node.id));
    const others = ranked.filter((node) => !chosen.has(node.id));
    const corner = network.DOMtoCanvas({ x: 0, y: 0 });
    const far = network.DOMtoCanvas({ x: container.clientWidth, y: container.clientHeight });
    const view = { left: corner.x, top: corner.y, right: far.x, bottom: far.y };
    const widths = (node) => measureName(context, node, picture.options.nodes.font.face);
    const names = placeNames([...first, ...others], signs, view, scale, widths);
    drawNames(context, names, picture.options.nodes.font);
    container.drawnNames = names.map(({ node, size, box }) => ({ ...box, id: node.id, size, scale }));
    container.dataset.painted ??= String(performance.now());
  });
  network.fit(margin);
  return {
    network,
    fit: () => network.fit(margin),
    zoom: (factor) => network.moveTo({ scale: network.getScale() * factor, animation: false }),
    select: (id) => (places.has(id) ? network.selectNodes([id]) : network.unselectAll()),
    centre: (id) => {
      const node = places.get(id);
      if (!node) return;
      network.selectNodes([id]);
      const scale = Math.max(network.getScale(), 0.9);
      network.moveTo({ position: { x: node.x, y: node.y }, scale, animation: false });
    },
  };
}

function drawSigns(context, picture, scale) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const node of picture.nodes) {
    const sign = picture.signs[node.group];
    if (!sign || node.size * scale < 5) continue;
    context.fillStyle = sign[1];
    context.font = `700 ${node.size * 1.15}px ${picture.options.nodes.font.face}`;
    context.fillText(sign[0], node.x, node.y + node.size * 0.06);
  }
}

// Where the names go that have room: [{ node, size, box }], sizes and boxes in the picture's units.
// `nodes` come in the order in which they get room. No two names touch; only those of hubs may
// cover a sign, and only when every side of theirs does.
function placeNames(nodes, signs, view, scale, measure) {
  const placed = [];
  for (const node of nodes) {
    const least = node.standsOut ? LEAST_NAME_PX_OF_HUBS : LEAST_NAME_PX;
    const size = Math.max(node.nameSize, least / scale);
    const width = measure(node) * size;
    const height = node.name.split("\n").length * NAME_LINE_EM * size;
    const free = listNameBoxes(node, width, height, size * 0.25).filter(
      (box) => isInside(box, view) && !placed.some((name) => touches(name.box, box)),
    );
    const box = free.find((one) => !coversSign(one, node, signs)) ?? (node.standsOut && free[0]);
    if (box) placed.push({ node, size, box });
  }
  return placed;
}

// Under the sign, else above it, else beside it.
function listNameBoxes(node, width, height, gap) {
  const { x, y } = node;
  const away = node.size + gap;
  const at = (left, top) => ({ left, top, right: left + width, bottom: top + height });
  return [
    at(x - width / 2, y + away),
    at(x - width / 2, y - away - height),
    at(x + away, y - height / 2),
    at(x - away - width, y - height / 2),
  ];
}

function touches(one, other) {
  return (
    one.left < other.right && other.left < one.right &&
    one.top < other.bottom && other.top < one.bottom
  );
}

function isInside(box, view) {
  return (
    view.left <= box.left && box.right <= view.right &&
    view.top <= box.top && box.bottom <= view.bottom
  );
}

function indexSigns(nodes) {
  const cells = new Map();
  for (const node of nodes) {
    const key = nameCell(Math.floor(node.x / CELL), Math.floor(node.y / CELL));
    cells.set(key, [...(cells.get(key) ?? []), node]);
  }
  return cells;
}

// A number: of texts as many as cells are looked at would be made for each frame.
function nameCell(column, row) {
  return column * CELLS_IN_A_COLUMN + row;
}

function coversSign(box, own, signs) {
  const [left, right] = [box.left, box.right].map((x) => Math.floor(x / CELL));
  const [top, bottom] = [box.top, box.bottom].map((y) => Math.floor(y / CELL));
  for (let column = left - 1; column <= right + 1; column += 1) {
    for (let row = top - 1; row <= bottom + 1; row += 1) {
      for (const node of signs.get(nameCell(column, row)) ?? []) {
        const { x, y, size } = node;
        const sign = { left: x - size, top: y - size, right: x + size, bottom: y + size };
        if (node !== own && touches(box, sign)) return true;
      }
    }
  }
  return false;
}

// The width of a name at a size of 1; measured once.
function measureName(context, node, face) {
  if (node.nameWidth === undefined) {
    context.font = `${node.standsOut ? 700 : 400} 100px ${face}`;
    const widths = node.name.split("\n").map((line) => context.measureText(line).width);
    node.nameWidth = Math.max(...widths) / 100;
  }
  return node.nameWidth;
}

function drawNames(context, names, font) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.strokeStyle = font.strokeColor;
  context.fillStyle = font.color;
  for (const { node, size, box } of names) {
    context.font = `${node.standsOut ? 700 : 400} ${size}px ${font.face}`;
    context.lineWidth = size * 0.25;
    node.name.split("\n").forEach((line, at) => {
      const middle = box.top + (at + 0.5) * NAME_LINE_EM * size;
      context.strokeText(line, (box.left + box.right) / 2, middle);
      context.fillText(line, (box.left + box.right) / 2, middle);
    });
  }
}

// Jagged, wavy and cut lines; vis-network draws their arrow heads.
function drawMark(context, from, to, kind, colour) {
  const long = Math.hypot(to.x - from.x, to.y - from.y);
  const begin = from.size + 14;
  const end = long - to.size - 14;
  if (end <= begin) return;
  context.save();
  context.translate(from.x, from.y);
  context.rotate(Math.atan2(to.y - from.y, to.x - from.x));
  context.lineWidth = 2.4;
  context.strokeStyle = colour;
  context.beginPath();
  if (kind === "broken") traceCut(context, begin, end);
  else traceWave(context, begin, end, kind === "stressful");
  context.stroke();
  context.restore();
}

function traceWave(context, begin, end, jagged) {
  const step = jagged ? 9 : 12;
  context.moveTo(begin - 14, 0);
  context.lineTo(begin, 0);
  let side = 1;
  for (let at = begin; at + step <= end; at += step, side = -side) {
    if (jagged) context.lineTo(at + step / 2, side * 6);
    else context.quadraticCurveTo(at + step / 2, side * 11, at + step, 0);
  }
  context.lineTo(end, 0);
  context.lineTo(end + 14, 0);
}

function traceCut(context, begin, end) {
  const middle = (begin + end) / 2;
  context.moveTo(begin - 14, 0);
  context.lineTo(middle - 7, 0);
  context.moveTo(middle + 7, 0);
  context.lineTo(end + 14, 0);
  for (const at of [middle - 7, middle + 7]) {
    context.moveTo(at - 4, 9);
    context.lineTo(at + 4, -9);
  }
}
