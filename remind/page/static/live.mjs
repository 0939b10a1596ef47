// Every page holds one stream open: by it the server knows that the page is there, and tells it what changes.

const page = document.body.dataset.page;
const lost = document.getElementById("lost");
const listeners = [];
let tab = 0;

/** Calls `listener` with everything that the server tells this page. */
export function listen(listener) {
  listeners.push(listener);
}

/** Sends `body` to the server; says so on the page where that fails. Returns whether it worked. */
export async function post(path, body = {}) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) say((await answer.text()).trim());
    return answer.ok;
  } catch {
    say(GONE);
    return false;
  }
}

/** The number of this tab, which tells the server which one is used. */
export const tabNumber = () => tab;

const GONE = "The program has stopped. Open remind from your menu of applications, or with “remind open”.";

function say(words) {
  lost.textContent = words;
  lost.hidden = !words;
}

function connect() {
  const stream = new EventSource(`/events?page=${encodeURIComponent(page)}`);
  stream.onmessage = ({ data }) => {
    const news = JSON.parse(data);
    tab = news.tab;
    say("");
    delete document.body.dataset.lost;
    for (const listener of listeners) listener(news);
  };
  stream.onerror = async () => {
    document.body.dataset.lost = "yes";
    if (stream.readyState !== EventSource.CLOSED) {
      say(GONE); // the browser tries again by itself
      return;
    }
    const answer = await fetch(stream.url).catch(() => null);
    say(answer ? (await answer.text()).trim() : GONE);
  };
}

// A page that comes back from the browser's memory has lost its stream.
addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
// After the page's own listeners are there.
queueMicrotask(() => queueMicrotask(connect));
