/* Times: local time beside UTC in the title, and relative words kept fresh. */
"use strict";

const UNITS = [
  ["y", 31557600],
  ["mo", 2629800],
  ["d", 86400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];

function relative(moment) {
  const seconds = Math.round((Date.now() - moment) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return "just now";
  const [unit, length] = UNITS.find(([, length]) => size >= length);
  const text = `${Math.floor(size / length)} ${unit}`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

function showLocal(time) {
  const moment = new Date(time.dateTime);
  if (!Number.isNaN(moment.valueOf()) && !time.title.includes("your time")) {
    time.title += `\n${moment.toLocaleString()} your time`;
  }
}

function refresh(root) {
  for (const time of root.querySelectorAll("time[data-relative]")) {
    time.textContent = relative(new Date(time.dateTime));
  }
}

function show(root) {
  for (const time of root.querySelectorAll("time[datetime]")) showLocal(time);
  refresh(root);
}

document.addEventListener("DOMContentLoaded", () => show(document));
document.addEventListener("htmx:load", (event) => show(event.target));
setInterval(() => document.hidden || refresh(document), 30000);
