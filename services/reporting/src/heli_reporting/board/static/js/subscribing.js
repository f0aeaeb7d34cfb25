// A calendar program cannot send a token: it subscribes to an address of its own, which is shown once.

import { post } from "./api.js";
import { h } from "./dom.js";
import { show } from "./drill.js";
import { t } from "./words.js";

/** Return the button that makes such an address for the worklist of a unit; null for somebody without a unit. */
export function subscribing(unit) {
  if (!unit) return null;
  return h("button", { type: "button", class: "subscribe", on: { click: () => subscribe(unit) } }, t("subscribe"));
}

async function subscribe(unit) {
  const status = h("p", { role: "status" });
  const body = h("div", { class: "body" }, status);
  const make = h("button", { type: "button", on: { click: begin } }, t("makeLink"));
  status.textContent = t("subscribeTold");
  show(t("subscribe"), [], body, make);

  async function begin() {
    make.hidden = true;
    try {
      const { url, expires_at: end } = await post(`v1/worklists/${encodeURIComponent(unit)}/calendar-links`, {});
      status.textContent = `${t("linkTold")} ${end.slice(0, 10)}`;
      body.append(h("p", {}, h("code", { class: "address" }, url)));
    } catch (error) {
      status.textContent = error.message;
      make.hidden = false;
    }
  }
}
