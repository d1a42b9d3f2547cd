/* Times: relative words kept fresh; the exact UTC and local time on hover and on focus. */
"use strict";

const UNITS = [
  ["y", 31557600],
  ["mo", 2629800],
  ["d", 86400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];
const LINGER_MS = 200; // long enough to move the pointer onto what is shown

function relative(moment) {
  const seconds = Math.round((Date.now() - moment) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return "just now";
  const [unit, length] = UNITS.find(([, length]) => size >= length);
  const text = `${Math.floor(size / length)} ${unit}`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

const tip = document.createElement("div");
tip.id = "time-tip";
tip.popover = "manual";
tip.setAttribute("role", "tooltip");
document.body.append(tip);
let leaving = 0;
let described = null;

/* Title is for those without script: with it both would show. */
function prepare(time) {
  const moment = new Date(time.dateTime);
  if (Number.isNaN(moment.valueOf()) || time.dataset.exact) return;
  time.dataset.exact = `${time.title}\n${moment.toLocaleString()} your time`;
  time.removeAttribute("title");
  const isReached = time.closest("a, button, summary, label");
  if ("relative" in time.dataset && !isReached) time.tabIndex = 0;
}

function showTip(time, reader) {
  clearTimeout(leaving);
  tip.textContent = time.dataset.exact;
  tip.showPopover();
  const place = time.getBoundingClientRect();
  const below = place.bottom + 6 + tip.offsetHeight < innerHeight;
  const left = Math.min(place.left, innerWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${below ? place.bottom + 6 : place.top - tip.offsetHeight - 6}px`;
  described = reader;
  described?.setAttribute("aria-describedby", tip.id);
}

function hideTip() {
  described?.removeAttribute("aria-describedby");
  described = null;
  if (tip.matches(":popover-open")) tip.hidePopover();
}

function hideSoon() {
  clearTimeout(leaving);
  leaving = setTimeout(hideTip, LINGER_MS);
}

document.addEventListener("mouseover", (event) => {
  if (event.target === tip) clearTimeout(leaving);
  const time = event.target.closest("time[data-exact]");
  if (time) showTip(time, null);
});
document.addEventListener("mouseout", (event) => {
  if (event.target === tip || event.target.closest("time[data-exact]")) hideSoon();
});
document.addEventListener("focusin", ({ target }) => {
  const own = target.matches("time[data-exact]") ? target : null;
  const time = own ?? (target.matches("a, button, summary") && target.querySelector("time[data-exact]"));
  if (time) showTip(time, target);
});
document.addEventListener("focusout", hideTip);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hideTip();
});

function refresh(root) {
  for (const time of root.querySelectorAll("time[data-relative]")) {
    time.textContent = relative(new Date(time.dateTime));
  }
}

function show(root) {
  for (const time of root.querySelectorAll("time[datetime]")) prepare(time);
  refresh(root);
}

document.addEventListener("DOMContentLoaded", () => show(document));
document.addEventListener("htmx:load", (event) => show(event.target));
setInterval(() => document.hidden || refresh(document), 30000);
