/* Copy buttons. The clipboard API is missing on plain HTTP beyond localhost. */
"use strict";

const SAID_FOR_MS = 1500;

async function toClipboard(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      /* Not allowed here: the old way may be. */
    }
  }
  return copyTheOldWay(text);
}

function copyTheOldWay(text) {
  const focused = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.readOnly = true;
  box.className = "visually-hidden";
  (focused?.closest("dialog, [popover]") ?? document.body).append(box);
  box.select();
  const isCopied = document.execCommand("copy");
  box.remove();
  focused?.focus();
  return isCopied;
}

/* The last way: what is to be copied is selected, a key press does the rest. */
function select(button) {
  const code = button.parentElement.querySelector("code");
  if (code) getSelection().selectAllChildren(code);
  else window.prompt("Copy this:", button.dataset.copy);
}

async function copy(button) {
  const isCopied = await toClipboard(button.dataset.copy);
  if (!isCopied) select(button);
  const label = button.querySelector(".copy-label");
  if (!label || button.classList.contains("is-copied")) return;
  const before = label.textContent;
  label.textContent = isCopied ? "Copied" : "Selected: press Ctrl+C";
  button.classList.add("is-copied");
  setTimeout(() => {
    label.textContent = before;
    button.classList.remove("is-copied");
  }, SAID_FOR_MS);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
