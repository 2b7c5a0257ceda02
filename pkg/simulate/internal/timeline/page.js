// Draws each graph with the layout of dagre. All texts are set as text, never as markup.
"use strict";
(() => {
  const svg = (name, attributes, text) => {
    const e = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const measure = document.createElement("canvas").getContext("2d");
  const widthOf = (text, size) => {
    measure.font = size + "px system-ui, sans-serif";
    return measure.measureText(text).width;
  };
  for (const graph of JSON.parse(document.getElementById("graphs").textContent)) {
    const g = new dagre.graphlib.Graph();
    g.setGraph({ rankdir: "LR", nodesep: 18, ranksep: 44, marginx: 8, marginy: 8 });
    g.setDefaultEdgeLabel(() => ({}));
    graph.nodes.forEach((n, i) =>
      g.setNode(String(i), { width: Math.max(widthOf(n.name, 13), widthOf(n.words, 11)) + 26, height: 46 }));
    for (const [from, to, last] of graph.edges) g.setEdge(String(from), String(to), { last });
    dagre.layout(g);
    const size = g.graph();
    const root = svg("svg", { width: size.width, height: size.height, role: "img", "aria-label": "the tasks and what they wait for" });
    for (const e of g.edges()) {
      const { points, last } = g.edge(e);
      root.append(svg("path", { "stroke-dasharray": last ? "2 4" : "", d: "M" + points.map((p) => p.x.toFixed(1) + " " + p.y.toFixed(1)).join("L") }));
      const [a, b] = points.slice(-2);
      const angle = Math.atan2(b.y - a.y, b.x - a.x) * 180 / Math.PI;
      root.append(svg("path", { class: "head", d: "M0 0L-8 -4L-8 4Z", transform: `translate(${b.x.toFixed(1)} ${b.y.toFixed(1)}) rotate(${angle.toFixed(1)})` }));
    }
    graph.nodes.forEach((n, i) => {
      const at = g.node(String(i));
      const link = svg("a", { href: "#" + n.id });
      const left = at.x - at.width / 2, top = at.y - at.height / 2;
      link.append(svg("rect", { x: left, y: top, width: at.width, height: at.height, rx: n.type === "task" ? 5 : 18, class: n.state, "stroke-dasharray": n.finally ? "6 4" : "" }));
      if (n.several) link.append(svg("rect", { x: left + 4, y: top + 4, width: at.width - 8, height: at.height - 8, rx: 3, class: n.state }));
      link.append(svg("text", { x: at.x, y: at.y - 3, "text-anchor": "middle" }, n.name));
      link.append(svg("text", { x: at.x, y: at.y + 13, "text-anchor": "middle", class: "sub " + n.state }, n.words));
      link.addEventListener("click", () => { document.getElementById(n.id).open = true; });
      root.append(link);
    });
    document.querySelector(`[data-way="${graph.id}"]`).append(root);
  }
  const open = () => { const e = document.getElementById(location.hash.slice(1)); if (e && e.localName === "details") e.open = true; };
  addEventListener("hashchange", open);
  open();
})();
