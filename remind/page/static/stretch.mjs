// The page is a screen: the session runs in the server, and every change of it comes as an event.

import { $, clock, controls, Countdown, hear, keepAwake, listen, plan, post, set, show, sounds, tabNumber } from "./session.mjs";

const body = document.body;
const routine = body.dataset.routine;
const parts = [...$("bar").children];
const NOTICE_S = 3;
let at = { state: "waiting" };
let entered = -1;

plan.phases.forEach((phase, place) => { parts[place].style.flexGrow = phase.seconds; });

const running = () => at.state === "running" || at.state === "paused";
const awake = keepAwake(() => at.state === "running");
const countdown = new Countdown(paint);
const press = key => post("/stretch/press", { key, tab: tabNumber() });
const start = async () => {
  await Promise.race([sounds.unlock(), new Promise(done => setTimeout(done, 300))]);
  await post("/stretch/start", { routine, tab: tabNumber() });
};

const pressed = key => () => { if (running()) press(key); };
controls({ " ": pressed("toggle"), n: pressed("next"), b: pressed("back"), q: pressed("end"), "?": help }, { remember: true });
for (const button of document.querySelectorAll("[data-press]")) button.onclick = () => press(button.dataset.press);
$("start").onclick = start;
$("again").onclick = start;
// Before this, a click would have done nothing.
$("start").disabled = $("try").disabled = false;
$("help").onclick = help;
$("try").onclick = async () => { await sounds.unlock(); sounds.play("begin"); sounds.say("Lean in. Left leg. 30 seconds."); };

function help() {
  const goOn = at.state === "running";
  if (!running() || $("help-text").open) return;
  if (goOn) press("pause");
  $("help-text").showModal();
  $("help-text").addEventListener("close", () => { if (goOn) press("resume"); }, { once: true });
}

listen(news => {
  if (news.state === undefined) return; // only which tab sounds has changed
  if (news.routine && news.routine !== routine && news.state !== "over") {
    location.replace("/stretch"); // another tab began another routine
    return;
  }
  at = news;
  body.dataset.state = at.state;
  $("begin").hidden = at.state !== "waiting";
  $("now").hidden = !running();
  $("done").hidden = at.state !== "over";
  for (const button of document.querySelectorAll("nav .running")) button.hidden = !running();
  if (at.state === "waiting") return;
  if (at.state === "over") over();
  else go();
  hear(at);
  awake();
});

function go() {
  const phase = plan.phases[at.index], paused = at.state === "paused";
  body.dataset.kind = phase.kind;
  set("read", phase.read);
  set("side", phase.side);
  set("hear", at.slept ? "The computer slept. Press space to go on." : phase.hear);
  set("next", phase.next);
  $("toggle").querySelector("span").textContent = paused ? "Go on" : "Pause";
  if (at.index !== entered) {
    entered = at.index;
    show(phase);
    $("told").textContent = [phase.label, phase.read, phase.side, `${Math.round(phase.seconds)} seconds`, phase.hear].filter(Boolean).join(". ");
    if (document.activeElement === body || document.activeElement === $("start")) $("read").focus({ preventScroll: true });
  }
  countdown.set(at.left_s, paused ? 0 : at.speed);
}

function over() {
  entered = -1;
  body.dataset.kind = "finish";
  countdown.set(at.left_s, 0);
  set("done-title", at.end.title);
  set("recorded", at.end.recorded);
  set("coming", at.end.coming);
  set("next", "");
  set("whole", "");
  if ($("help-text").open) $("help-text").close();
  if (document.fullscreenElement) document.exitFullscreen();
  $("done-title").focus({ preventScroll: true });
}

function paint(left, shown) {
  const phase = plan.phases[Math.min(at.index, plan.phases.length - 1)], coming = plan.phases[at.index + 1];
  const notice = at.state === "running" && coming?.kind === "hold" && shown > 0 && shown <= NOTICE_S;
  body.dataset.notice = notice ? "yes" : "no";
  set("label", at.state === "paused" ? "Paused" : notice ? "Get set" : phase.label);
  if (notice && phase.kind !== "hold") show(coming);
  set("count", clock(Math.max(1, shown)));
  parts.forEach((part, place) => {
    const passed = place < at.index ? 1 : place > at.index ? 0 : 1 - left / phase.seconds;
    part.firstElementChild.style.transform = `scaleX(${passed})`;
  });
  if (at.state === "over") return;
  const rest = plan.phases.slice(at.index + 1).reduce((sum, one) => sum + one.seconds, left);
  const seconds = Math.ceil(rest - 0.001);
  set("whole", `${seconds >= 60 ? `${Math.floor(seconds / 60)} min ` : ""}${seconds % 60} s to go`);
}
