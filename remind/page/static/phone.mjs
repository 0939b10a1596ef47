// The phone: a test message goes there, and the page says when its button was pressed.

import { say } from "./forms.mjs";
import { listen, post } from "./live.mjs";

let waiting = false; // not an attribute of the button, which may be exchanged meanwhile

addEventListener("click", async event => {
  if (waiting || !event.target.closest("[data-test]")) return;
  waiting = true;
  waiting = await post("/phone/test");
});

listen(news => {
  if (news.tried) say(news.tried);
  if (news.ended) waiting = false;
});
