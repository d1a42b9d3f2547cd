/* One row looked at beside the list; the list itself does not move. */
"use strict";

const side = document.getElementById("side");
let opener = null;

function markRow(row) {
  for (const other of document.querySelectorAll(".is-looked-at")) {
    other.classList.remove("is-looked-at");
  }
  row?.classList.add("is-looked-at");
}

function closeSide() {
  if (!side?.firstElementChild) return false;
  side.replaceChildren();
  markRow(null);
  opener?.focus();
  return true;
}

if (side) {
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== side) return;
    opener = event.detail.requestConfig.elt;
    markRow(opener.closest("tr"));
    side.scrollTop = 0;
    side.focus({ preventScroll: true });
  });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-side]")) closeSide();
  const isOwn = event.target.closest("a, button, summary, input, label");
  if (isOwn || getSelection().toString()) return;
  event.target.closest(".list tbody tr")?.querySelector(".look button")?.click();
});
