/* One key each, everywhere in the console; never while typing, and to be switched off. */
"use strict";

const OFF = "keys-off";
const ROWS = ".list tbody th a, .bubble footer > a, .tile h3 a";
const help = document.getElementById("keys");
const toggle = document.getElementById("keys-on");

function isTyping(target) {
  return target.isContentEditable || target.matches("input, textarea, select");
}

function move(step) {
  const rows = [...document.querySelectorAll(ROWS)];
  const row = document.activeElement.closest("tr, .bubble, .tile");
  const here = rows.findIndex((link) => row?.contains(link));
  const next = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step];
  next?.focus();
}

function press(selector) {
  document.querySelector(selector)?.click();
}

function look() {
  document.activeElement.closest("tr")?.querySelector(".look button")?.click();
}

function search() {
  const box = document.getElementById("find-box");
  box?.focus();
  box?.select();
}

const ACTS = {
  "/": search,
  "?": () => help?.showModal(),
  j: () => move(1),
  k: () => move(-1),
  p: look,
  ".": () => press("#news-pause"),
  y: () => press("#copy-link"),
  r: () => document.querySelector("[data-key=r]")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    closeDropDowns(null);
    if (typeof closeSide === "function") closeSide();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (localStorage.getItem(OFF) || document.querySelector("dialog[open]")) return;
  const act = /^[1-9]$/.test(event.key)
    ? () => document.querySelectorAll(".tile h3 a")[event.key - 1]?.click()
    : ACTS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

if (toggle) {
  toggle.checked = !localStorage.getItem(OFF);
  toggle.addEventListener("change", () => {
    if (toggle.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-keys]")) help?.showModal();
});

document.getElementById("copy-link")?.setAttribute("data-copy", location.href);
