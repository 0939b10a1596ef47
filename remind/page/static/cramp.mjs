// Relief runs in the server, round and round, until the one large button is pressed.

import { $, clock, controls, Countdown, hear, keepAwake, listen, plan, post, set, show } from "./session.mjs";

const body = document.body;
let at = { state: "running" };
let entered = -1;

const awake = keepAwake(() => at.state !== "over");
const countdown = new Countdown((_, shown) => set("count", clock(Math.max(1, shown))));
const eased = () => { if (at.state !== "over") post("/cramp/eased"); };
const step = () => { if (at.state !== "over") post("/cramp/next"); };

controls({ " ": step, Enter: eased }, { remember: false });
$("eased").onclick = eased;
$("step").onclick = step;
for (const button of document.querySelectorAll("[data-leg]"))
  button.onclick = () => post("/cramp/details", { leg: button.dataset.leg });
for (const button of document.querySelectorAll("[data-severity]"))
  button.onclick = () => post("/cramp/details", { severity: Number(button.dataset.severity) });

listen(news => {
  if (news.state === undefined) return;
  at = news;
  const over = at.state === "over", was = $("done").hidden;
  body.dataset.state = at.state;
  body.dataset.kind = over ? "finish" : "hold";
  $("now").hidden = over;
  $("done").hidden = !over;
  if (over) finish(was);
  else go();
  hear(at);
  awake();
});

function go() {
  const phase = plan.phases[at.index];
  if (at.index !== entered) {
    entered = at.index;
    set("read", phase.read);
    set("hear", phase.hear);
    set("next", phase.next);
    show(phase);
    $("told").textContent = `${phase.read}. ${phase.hear}`;
  }
  countdown.set(at.left_s, at.speed);
  $("advice").hidden = !at.advice;
}

function finish(first) {
  countdown.set(0, 0);
  set("next", "");
  const { minutes, leg, severity } = at.recorded ?? {};
  set("recorded", at.recorded ? `Recorded in your diary: a cramp of ${minutes} min.` : "Nothing was recorded.");
  for (const button of document.querySelectorAll("[data-leg]")) button.ariaPressed = String(button.dataset.leg === leg);
  for (const button of document.querySelectorAll("[data-severity]")) button.ariaPressed = String(Number(button.dataset.severity) === severity);
  if (first) $("done-title").focus({ preventScroll: true });
}
