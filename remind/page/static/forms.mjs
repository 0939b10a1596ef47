// Forms are sent as JSON. After each, and whenever something changed elsewhere, the sections are fetched and exchanged,
// so that only the server renders the page. A form that is being filled in is not replaced.

import { listen } from "./live.mjs";

const said = document.getElementById("said");
const FRESH_MS = 60_000;
const sent = new Set(); // the sections whose form was sent: it is empty again, and closed
let running = null;
let again = false;

export function say(words, failed = false) {
  said.hidden = false;
  said.classList.toggle("failed", failed);
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = words; }); // announced even if it is the same as before
}

/** What a form says: texts, a list for each group of boxes, true or false for a single one. */
export function values(form, submitter) {
  const onlyChanged = "changed" in form.dataset, found = {};
  for (const one of form.elements) {
    if (!one.name || one === submitter || one.tagName === "BUTTON") continue;
    if (one.type === "radio") {
      if (one.checked && !(onlyChanged && one.defaultChecked)) found[one.name] = one.value;
    } else if (one.dataset.kind === "list") {
      found[one.name] ??= [];
      if (one.checked) found[one.name].push(one.value);
    } else if (one.dataset.kind === "flag") {
      found[one.name] = one.value === "true";
    } else if (one.type === "checkbox") {
      if (!onlyChanged || one.checked !== one.defaultChecked) found[one.name] = one.checked;
    } else if (!onlyChanged || one.type === "hidden" || one.value !== one.defaultValue) {
      found[one.name] = one.value;
    }
  }
  if (submitter?.name) found[submitter.name] = submitter.value;
  return found;
}

/** Where what is wrong with the field `name` is told: beside it, or else where the form has room for it. */
function placeOf(form, name) {
  const field = [...form.elements].find(one => one.name === name && one.type !== "hidden");
  const described = field?.type === "radio" || field?.dataset.kind === "list" ? field.closest("fieldset") : field;
  const id = described?.getAttribute("aria-describedby")?.split(" ").find(one => one.endsWith("-fault"));
  return [field, id ? document.getElementById(id) : form.querySelector(".fault")];
}

/** Removes what was said to be wrong: with every field, or with `name` alone. */
export function clearFaults(form, name = null) {
  const [only, place] = name ? placeOf(form, name) : [];
  for (const one of name ? [place] : form.querySelectorAll(".fault")) { one.hidden = true; one.textContent = ""; }
  for (const one of name ? [only] : form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
}

/** Says beside the field `name` what is wrong with it, and returns the field. */
export function showFault(form, name, words) {
  const [field, place] = placeOf(form, name);
  if (place) { place.hidden = false; place.textContent = words; }
  field?.setAttribute("aria-invalid", "true");
  return field;
}

function showFaults(form, faults) {
  let first = null;
  for (const [name, words] of Object.entries(faults)) {
    const field = showFault(form, name, words);
    first ??= field;
  }
  first?.focus();
  say(Object.values(faults).join(" "), true);
}

async function send(form, submitter) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  clearFaults(form);
  const told = await answered(form, submitter);
  delete form.dataset.busy;
  if (told.faults) showFaults(form, told.faults);
  else if (told.error) say(told.error, true);
  else await done(form, told.said);
}

/** What the server says to a form: what it did, what is wrong beside which field, or why it failed. */
async function answered(form, submitter) {
  try {
    const answer = await fetch(form.dataset.post, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(values(form, submitter)),
    });
    const text = await answer.text();
    return answer.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : { error: text.trim() };
  } catch {
    return { error: "The program has stopped. Open remind from your menu of applications, or with “remind open”. What you typed is still here." };
  }
}

async function done(form, words) {
  delete form.dataset.dirty;
  if (form.dataset.then) {
    sessionStorage.setItem("said", words);
    location.assign(form.dataset.then);
    return;
  }
  sent.add(form.closest("section").id);
  await refresh();
  say(words);
}

/** Exchanges what has changed; one at a time, and once more if it was asked for meanwhile. */
function refresh() {
  again = true;
  return running ??= (async () => {
    try {
      while (again) {
        again = false;
        await exchange();
      }
    } finally {
      running = null;
    }
  })();
}

async function exchange() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.documentElement.className = fresh.documentElement.className;
  const focused = document.activeElement, within = focused.closest("main > section")?.id;
  const main = document.getElementById("main"), gone = new Set(main.querySelectorAll(":scope > section"));
  for (const section of [...fresh.getElementById("main").querySelectorAll(":scope > section")]) {
    const old = document.getElementById(section.id);
    gone.delete(old);
    if (!old) main.append(section);
    else if (!old.querySelector("form[data-dirty]") && (old.outerHTML !== section.outerHTML || sent.has(section.id))) {
      if (!sent.delete(section.id)) for (const one of old.querySelectorAll("details[open][id]")) section.querySelector(`#${one.id}`)?.setAttribute("open", "");
      old.replaceWith(section);
    }
  }
  for (const one of gone) if (!one.querySelector("form[data-dirty]")) one.remove();
  if (focused.isConnected || !within) return;
  const same = focused.id ? document.getElementById(focused.id) : null;
  (same?.checkVisibility() ? same : document.getElementById(`${within}-title`) ?? document.querySelector("h1")).focus({ preventScroll: true });
}

addEventListener("submit", event => {
  const form = event.target.closest("form[data-post]");
  if (!form) return;
  event.preventDefault();
  send(form, event.submitter);
});

addEventListener("input", event => {
  const form = event.target.closest("form[data-post]");
  if (form) form.dataset.dirty = "yes";
  // Who gives a time has chosen to.
  const picks = event.target.dataset.picks;
  if (picks) form.querySelector(`[type=radio][value=${picks}]`).checked = true;
});

listen(news => { if (news.changed) refresh(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
setInterval(() => { if (!document.hidden) refresh(); }, FRESH_MS);

const before = sessionStorage.getItem("said");
if (before) {
  sessionStorage.removeItem("said");
  say(before);
}
// After the browser has gone to the fragment itself.
addEventListener("load", () => setTimeout(() => document.getElementById(`${location.hash.slice(1)}-title`)?.focus()));
