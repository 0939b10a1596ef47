// What the stretch and the relief share: figure, countdown, sound, full screen, a screen that stays awake, keys.

import { Picture, put } from "./figure.mjs";
import { listen, post, tabNumber } from "./live.mjs";
import { Sounds } from "./sounds.mjs";

export const $ = id => document.getElementById(id);
export const plan = JSON.parse($("plan").textContent);
const page = document.body.dataset.page;
const picture = new Picture($("pose-shapes"));

export const sounds = new Sounds(document.body.dataset.sound, () => post(`/${page}/say`));

/** Sets the text of an element only if it is another one, so that nothing is announced or laid out for nothing. */
export function set(id, text) {
  if ($(id).textContent !== text) $(id).textContent = text;
}

/** Shows the picture of `phase`, and which leg it is, from behind. */
export function show(phase) {
  const drawing = plan.drawings[phase.drawing];
  if (drawing) {
    set("pose-title", drawing.title);
    picture.show(drawing.shapes);
  }
  const view = plan.behind[phase.behind];
  $("behind").toggleAttribute("hidden", !view);
  if (!view) return;
  set("behind-title", view.title);
  put($("behind-shapes"), view.shapes);
  $("behind").classList.toggle("right", view.place === "right");
  for (const side of ["left", "right"])
    document.querySelector(`.letter.${side}`).classList.toggle("on", [side, "both"].includes(view.side));
}

/** A countdown that the page draws by itself between what the server tells; `draw` gets the seconds left. */
export class Countdown {
  #draw;
  #left = 0;
  #since = 0;
  #speed = 0;
  #timer = 0;

  constructor(draw) { this.#draw = draw; }

  /** `left` seconds are left now, and pass `speed` times as fast as the clock; 0 stands still. */
  set(left, speed) {
    [this.#left, this.#since, this.#speed] = [left, performance.now(), speed];
    this.tick();
  }

  tick() {
    clearTimeout(this.#timer);
    const left = Math.max(0, this.#left - (performance.now() - this.#since) / 1000 * this.#speed);
    const shown = Math.ceil(left - 0.001);
    this.#draw(left, shown);
    if (this.#speed && left > 0) this.#timer = setTimeout(() => this.tick(), Math.max(30, (left - shown + 1) * 1000 / this.#speed + 2));
  }
}

export const clock = seconds => seconds < 100 ? String(seconds) : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** Keeps the screen awake while `wanted()`; a browser forgets it when the page is hidden, so it is asked again. */
export function keepAwake(wanted) {
  let lock = null;
  const ask = async () => {
    try {
      if (!wanted()) { await lock?.release(); lock = null; }
      else if (!document.hidden && (!lock || lock.released)) lock = await navigator.wakeLock?.request("screen");
    } catch { lock = null; } // a low battery, or a browser that has none
  };
  document.addEventListener("visibilitychange", ask);
  return ask;
}

let remembering = 0;

function rememberSound() {
  clearTimeout(remembering); // only the last of several presses
  remembering = setTimeout(() => post("/sound", { sound: sounds.choice }), 300);
}

function showSound() { $("sound").querySelector("span").textContent = sounds.name; }

/** Connects the buttons for sound and full screen, and the keys: `keys` has what each other one does. */
export function controls(keys, { remember }) {
  showSound();
  const act = {
    ...keys,
    s: () => { sounds.turn(); showSound(); if (remember) rememberSound(); },
    f: () => document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
  };
  $("sound").onclick = act.s;
  $("full").onclick = act.f;
  // A button that was clicked keeps no focus, so that space still pauses afterwards.
  addEventListener("click", event => { if (event.detail) event.target.closest?.("button")?.blur(); });
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector("dialog[open]")) return;
    // Space and Enter press the button that has the focus.
    if ([" ", "Enter"].includes(event.key) && event.target.closest?.("button, a, input")) return;
    const action = act[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** Whether this tab is the one that sounds changes with what the server tells. */
export function hear(news) {
  if (!news.sounds) return;
  if (news.cue) sounds.play(news.cue);
  if (news.say) sounds.say(news.say);
}

export { listen, post, tabNumber };
