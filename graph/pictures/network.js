// Draws the network with vis-network: fixed places, the kanji of the fields on the signs, and the
// strokes of the ecomap that the library does not have. A plain script, so that a page of its own
// and a component of the app can both use it.

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
  network.on("afterDrawing", (context) => {
    drawSigns(context, picture, network.getScale());
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
