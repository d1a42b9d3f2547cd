/* Parts that htmx loads: what is loading, what failed, and what must stay in place. */
"use strict";

const html = document.documentElement;
const trouble = document.getElementById("trouble");

function isPoll(element) {
  return (element.getAttribute("hx-trigger") ?? "").startsWith("every");
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (isPoll(detail.elt)) return;
  html.classList.add("is-loading");
  detail.elt.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  html.classList.remove("is-loading");
  detail.elt.removeAttribute("aria-busy");
  if (detail.successful) trouble.hidden = true;
});

function tell(words) {
  trouble.querySelector("p").textContent = words;
  trouble.hidden = false;
}

document.addEventListener("htmx:responseError", ({ detail }) => {
  const status = detail.xhr.status;
  if (isPoll(detail.elt)) tell(`The portal answered ${status}: what you see may be old.`);
  else if (status === 403) tell("You may not see or do this. Ask an administrator.");
  else if (status === 404) tell("It is no longer there. Load the page again.");
  else tell(`This part could not be loaded (${status}). Try again.`);
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    tell("The portal does not answer: what you see may be old. Check your network.");
  });
}

/* A session that ended must not put the login into a part of a page. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.responseURL.includes("/login/")) {
    event.preventDefault();
    location.reload();
  }
});

/* Older entries are added above: what was looked at stays where it is. */
let heightBefore = 0;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "older") heightBefore = html.scrollHeight;
});

document.addEventListener("htmx:afterSwap", () => {
  if (heightBefore) {
    window.scrollBy(0, html.scrollHeight - heightBefore);
    heightBefore = 0;
  }
});

/* News of a timeline: a bubble that did not move is left alone, and so is what is open in it. */
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const fresh = event.detail.fragment.querySelector("[data-told]");
  const told = event.detail.target.dataset.told;
  if (told && fresh && fresh.dataset.told === told) event.detail.shouldSwap = false;
});

/* A menu that drops down closes when something else is meant. */
function closeDropDowns(except) {
  for (const open of document.querySelectorAll("details.drop-down[open]")) {
    if (!open.contains(except)) open.open = false;
  }
}

document.addEventListener("click", (event) => closeDropDowns(event.target));
document.addEventListener("focusin", (event) => closeDropDowns(event.target));
