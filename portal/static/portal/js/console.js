/* Small helps that no page depends on: copy buttons, the search key, row links. */
"use strict";

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.querySelector(".copy-label");
  const before = label.textContent;
  label.textContent = "Copied";
  button.classList.add("is-copied");
  setTimeout(() => {
    label.textContent = before;
    button.classList.remove("is-copied");
  }, 1500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});

function isTyping(target) {
  return target.isContentEditable || target.matches("input, textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping(event.target)) {
    return;
  }
  const box = document.getElementById("find-box");
  if (box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

/* Older entries are added above: what was looked at stays where it is. */
let heightBefore = 0;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "older") {
    heightBefore = document.documentElement.scrollHeight;
  }
});

document.addEventListener("htmx:afterSwap", () => {
  if (heightBefore) {
    window.scrollBy(0, document.documentElement.scrollHeight - heightBefore);
    heightBefore = 0;
  }
});

/* News of a timeline: a bubble that did not move is left alone, and so is what is open in it. */
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const fresh = event.detail.fragment.querySelector("[data-told]");
  const told = event.detail.target.dataset.told;
  if (told && fresh && fresh.dataset.told === told) event.detail.shouldSwap = false;
});
