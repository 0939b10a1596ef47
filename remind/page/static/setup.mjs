// Setup: each answer is checked as it is given, and what can be tried is tried by a button.

import { clearFaults, say, showFault, values } from "./forms.mjs";
import { listen, post } from "./live.mjs";
import { Sounds } from "./sounds.mjs";

const said = document.getElementById("said");
const sounds = new Sounds("both", () => post("/setup/say"));

/** Says at once what is wrong with the answer in `field`. */
async function check(form, field) {
  const answer = await fetch("/setup/check", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(values(form)),
  }).catch(() => null);
  if (answer?.status !== 422 && !answer?.ok) return;
  const words = (await answer.json()).faults?.[field.name];
  clearFaults(form, field.name);
  if (words) {
    showFault(form, field.name, words);
    say(words, true);
  } else if (said.classList.contains("failed")) {
    said.hidden = true;
  }
}

const TRIES = {
  async chime() {
    await sounds.unlock();
    sounds.play("begin");
  },
  voice(button) { sounds.say(button.dataset.words); },
  async notification(button) {
    button.disabled = true;
    button.disabled = await post("/setup/notify");
  },
};

addEventListener("change", event => {
  const form = event.target.closest("form.setup");
  if (!form) return;
  if (event.target.name === "phone") form.dataset.then = event.target.value === "yes" ? "/phone" : "/today";
  check(form, event.target);
});

addEventListener("click", async event => {
  const button = event.target.closest("[data-try]");
  if (!button) return;
  button.form.dataset.dirty = "yes"; // so that nothing that was tried disappears
  await TRIES[button.dataset.try](button);
  document.querySelector(`[data-tried=${button.dataset.try}]`).hidden = false;
});

listen(news => {
  if (news.tried) document.getElementById("tried").textContent = news.tried;
  if (news.ended) document.querySelector("[data-try=notification]").disabled = false;
});
