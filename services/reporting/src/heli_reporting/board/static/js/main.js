// The page: sign in, show the board, keep it up to date.

import * as api from "./api.js";
import { closeDrill } from "./drill.js";
import { h } from "./dom.js";
import { listen, stop } from "./news.js";
import * as session from "./session.js";
import { showBoard, showTop, tell } from "./show.js";
import { isWall, leaveWall } from "./wall.js";
import { language, switchLanguage, t } from "./words.js";

const place = document.getElementById("board");

/** Show the board, or the way in where nobody is signed in. */
export async function start() {
  document.documentElement.lang = language();
  document.title = t("title");
  document.getElementById("skip").textContent = t("skip");
  if (session.token() === null) signIn("");
  else await begin();
}

async function begin() {
  const event = await refresh();
  if (session.token() !== null) listen(event, refresh);
}

/** Show the board anew; return the event that told of what it shows, none where it could not be read. */
async function refresh() {
  place.setAttribute("aria-busy", "true");
  try {
    const found = await api.board();
    showBoard(found, actions);
    return found.event;
  } catch (error) {
    if (error instanceof api.Refused && error.status === 401) leave(t("signedOut"));
    // Whatever else happened, what is on the screen stays and says that it is old.
    else if (place.querySelector(".grid") === null) signIn(error.message);
    else tell(t("unreachable"), true);
    return "";
  } finally {
    place.removeAttribute("aria-busy");
  }
}

function leave(told) {
  stop();
  closeDrill();
  if (isWall()) leaveWall();
  session.signOut();
  api.forgetBoard();
  signIn(told);
}

const actions = {
  language() {
    switchLanguage();
    api.forgetBoard();
    place.replaceChildren();
    start();
  },
  signOut: () => leave(""),
};

function signIn(told) {
  showTop(null, actions);
  const wrong = h("p", { class: "wrong", role: "alert" }, told);
  const byPassword = session.registry() !== null;
  const fields = byPassword
    ? [field("login", "text", "username"), field("password", "password", "current-password")]
    : [field("token", "password", "off")];
  const form = h("form", { class: "sign-in", on: { submit: enter } },
    h("h2", {}, t("signIn")),
    h("p", {}, t(byPassword ? "passwordTold" : "signInTold")),
    fields,
    h("button", { type: "submit" }, t("signIn")),
    wrong);
  place.replaceChildren(form);
  form.querySelector("input").focus();

  async function enter(event) {
    event.preventDefault();
    const given = new FormData(form);
    wrong.textContent = "";
    try {
      if (byPassword && !(await session.usePassword(given.get("login"), given.get("password")))) {
        wrong.textContent = t("wrongPassword");
        return;
      }
      if (!byPassword) session.useToken(given.get("token"));
      await api.get("v1/sources"); // shows that the token is good before anything else is asked
    } catch (error) {
      session.signOut();
      wrong.textContent = error instanceof api.Refused && error.status === 401 ? t("refused") : error.message;
      return;
    }
    place.replaceChildren();
    await begin();
    place.focus({ preventScroll: true }); // the top stays in sight: whose board it is, and the tools
  }
}

function field(name, type, autocomplete) {
  return h("label", {}, t(name), h("input", { name, type, autocomplete, required: true, spellcheck: "false" }));
}

start();
