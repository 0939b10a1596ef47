// Draws the figure from the server's shapes: each is hulls of circles [x, y, radius]. Blending two poses blends circles.

const DIRECTIONS = Array.from({ length: 40 }, (_, n) => [Math.cos(Math.PI * n / 20), Math.sin(Math.PI * n / 20)]);
const BLEND_MS = 900;
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** The path around circles: in each of forty directions, the furthest point of any of them. */
export function outline(hull) {
  return "M" + DIRECTIONS.map(([dx, dy]) => {
    let best = hull[0], far = -Infinity;
    for (const circle of hull) {
      const reach = circle[0] * dx + circle[1] * dy + circle[2];
      if (reach > far) [best, far] = [circle, reach];
    }
    return `${(best[0] + best[2] * dx).toFixed(1)} ${(best[1] + best[2] * dy).toFixed(1)}`;
  }).join("L") + "Z";
}

/** The shapes between `from` and `to`: the body moves; muscles and arrows wait until it stands still. */
export function blend(from, to, part) {
  const waiting = named(from), shown = [];
  for (const [kind, hulls] of to) {
    const before = waiting.get(kind)?.shift();
    if (["worked", "hidden", "cue"].includes(kind)) continue;
    shown.push([kind, hulls.map((hull, h) => hull.map((circle, c) => {
      const old = before?.[h]?.[c];
      return old ? circle.map((number, n) => old[n] + (number - old[n]) * part) : circle;
    }))]);
  }
  return shown;
}

function named(shapes) {
  const found = new Map();
  for (const [kind, hulls] of shapes) found.set(kind, [...(found.get(kind) ?? []), hulls]);
  return found;
}

/** Puts `shapes` into the SVG group `group`, using again the paths that are there. */
export function put(group, shapes) {
  while (group.childElementCount > shapes.length) group.lastElementChild.remove();
  shapes.forEach(([kind, hulls], place) => {
    const path = group.children[place] ?? group.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "path"));
    if (path.getAttribute("class") !== kind) path.setAttribute("class", kind);
    path.setAttribute("d", hulls.map(outline).join(""));
  });
}

/** A group that moves from one pose to the next within a second, or at once for who wants no motion. */
export class Picture {
  #group;
  #shown = null;

  constructor(group) { this.#group = group; }

  show(shapes) {
    const from = this.#shown;
    if (from === shapes) return;
    this.#shown = shapes;
    if (!from || still.matches || document.hidden) {
      put(this.#group, shapes);
      return;
    }
    const begun = performance.now();
    const frame = now => {
      if (this.#shown !== shapes) return; // another pose came in between
      const part = Math.min(1, (now - begun) / BLEND_MS);
      put(this.#group, part < 1 ? blend(from, shapes, part * part * (3 - 2 * part)) : shapes);
      if (part < 1) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }
}
