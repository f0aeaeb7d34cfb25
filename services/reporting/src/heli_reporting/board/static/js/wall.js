// 大屏: full screen and dark; the cards stand, the other tiles take turns, a high one part by part. Space pauses, arrows
// move, Escape leaves.

import { h } from "./dom.js";
import { divide, showWhole } from "./parts.js";
import { t } from "./words.js";

const SECONDS = 15;
let seconds = SECONDS;
let turn = 0;
let part = 0;
let parts = 1;
let spent = 0;
let isPaused = false;
let ticking = null;

/** Say whether the page is a wall screen now. */
export const isWall = () => document.documentElement.classList.contains("wall");

// Tiles fill up after they were shown: causes come later, another duty is chosen, new data comes in.
const watching = new MutationObserver(showTurn);

const stages = () => [...document.querySelectorAll(".tile:not(.cards)")];

/** Become a wall screen; `#wall=20` in the address sets the seconds of a turn and begins at once. */
export function enterWall() {
  document.documentElement.classList.add("wall");
  document.body.append(h("div", { class: "pace", "aria-hidden": "true" }, h("i")));
  document.addEventListener("keydown", press);
  document.addEventListener("fullscreenchange", followFullscreen);
  addEventListener("resize", showTurn);
  watching.observe(document.getElementById("board"), { childList: true, subtree: true });
  // A browser grants the full screen to a click and not to an address: without it the wall fills the window.
  if (navigator.userActivation?.isActive) document.documentElement.requestFullscreen?.().catch(() => null);
  [turn, part, spent, isPaused] = [0, 0, 0, false];
  const set = Number(location.hash.match(/^#wall=(\d+(?:\.\d+)?)$/)?.[1]);
  seconds = set > 0 ? set : SECONDS;
  ticking = setInterval(tick, 100);
  showTurn();
}

/** Become the ordinary page again. */
export function leaveWall() {
  clearInterval(ticking);
  document.documentElement.classList.remove("wall");
  document.querySelector(".pace")?.remove();
  document.removeEventListener("keydown", press);
  document.removeEventListener("fullscreenchange", followFullscreen);
  removeEventListener("resize", showTurn);
  watching.disconnect();
  for (const stage of stages()) {
    stage.classList.remove("shown");
    showWhole(stage);
  }
  if (document.fullscreenElement) document.exitFullscreen();
  document.getElementById("tool-wall")?.focus();
}

/** Show the turn again after tiles were replaced; begin where the address asks for a wall. */
export function keepWall() {
  if (isWall()) showTurn();
  else if (/^#wall(=|$)/.test(location.hash) && ticking === null) enterWall();
}

function followFullscreen() {
  if (!document.fullscreenElement) leaveWall();
}

function press(event) {
  const acts = { " ": pause, ArrowRight: () => move(1), ArrowLeft: () => move(-1), Escape: leaveWall };
  const act = acts[event.key];
  if (act === undefined || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  act();
}

function pause() {
  isPaused = !isPaused;
  say();
}

function move(by) {
  part += by;
  if (part < 0 || part >= parts) {
    turn += by;
    part = by > 0 ? 0 : Infinity; // backwards into the last part of the tile before
  }
  spent = 0;
  showTurn();
}

function tick() {
  // Nobody reads on while a dialog is open.
  if (isPaused || document.querySelector("dialog[open]")) return;
  spent += 0.1;
  if (spent >= seconds) move(1);
  const pace = document.querySelector(".pace i");
  if (pace) pace.style.transform = `scaleX(${Math.min(1, spent / seconds)})`;
}

function showTurn() {
  const all = stages();
  if (all.length === 0) return;
  const current = all[((turn % all.length) + all.length) % all.length];
  for (const stage of all) stage.classList.toggle("shown", stage === current);
  const divided = divide(current);
  parts = divided.count;
  part = Math.min(part, parts - 1);
  divided.show(part);
  watching.takeRecords(); // what was changed here is no news
  say();
}

function say() {
  document.documentElement.dataset.paused = String(isPaused);
  document.getElementById("told").textContent = t(isPaused ? "paused" : "running");
}
