// Being told that new data is in: server-sent events read by fetch, because an EventSource can send no token.

import { token } from "./session.js";

const PAUSE = 5_000;
let ending = null;

/** Call `changed` at each piece of news after the event `last` until `stop`; a line that breaks is opened where it broke. */
export async function listen(last, changed) {
  stop();
  ending = new AbortController();
  const { signal } = ending;
  while (!signal.aborted) {
    try {
      last = await follow(last, changed, signal);
    } catch {
      // The service is away: what is shown says so once it is asked for again.
    }
    if (signal.aborted) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (!signal.aborted) await changed();
  }
}

/** Listen no longer. */
export function stop() {
  ending?.abort();
}

async function follow(last, changed, signal) {
  const headers = { Authorization: `Bearer ${token()}`, "Last-Event-ID": last };
  const answer = await fetch("v1/events", { headers, signal, cache: "no-store" });
  if (!answer.ok) return last;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return last;
    held += value;
    const blocks = held.split("\n\n");
    held = blocks.pop();
    for (const block of blocks) {
      const id = block.match(/^id: ?(.*)$/m)?.[1];
      if (id === undefined) continue;
      const isNews = last !== id;
      last = id;
      if (isNews) await changed();
    }
  }
}
