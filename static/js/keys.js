// Keys for the whole page: "/" goes to the search, Ctrl+Enter sends the form one is typing in, Escape closes an open menu; a skip link
// goes to its field where that stands on the page already.
// Every one of them only repeats what a click does, so a page without this file loses speed and nothing else.

const TYPING = "input, select, textarea, [contenteditable]";

function goToFind(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  const find = [...document.querySelectorAll("[data-find]")].find((input) => input.checkVisibility());
  if (!find) return;
  event.preventDefault();
  find.focus();
  find.select();
}

function sendForm(event) {
  const form = event.target.form;
  if (!(event.ctrlKey || event.metaKey) || !form || form.method !== "post") return;
  event.preventDefault();
  form.requestSubmit();
}

function closeMenu(event) {
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
}

// Before htmx hears of the click: what is typed in the open form is never fetched away.
function skipToField(event) {
  const link = event.target instanceof Element && event.target.closest("[data-skip-to]");
  const field = link && document.querySelector(link.dataset.skipTo);
  if (!field) return;
  event.preventDefault();
  event.stopPropagation();
  field.focus();
  field.select();
}

document.addEventListener("click", skipToField, true);

const KEYS = { "/": goToFind, Enter: sendForm, Escape: closeMenu };

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented || !(event.target instanceof Element)) return;
  KEYS[event.key]?.(event);
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

for (const menu of document.querySelectorAll("[data-menu]")) {
  if (!menu.querySelector("summary")) throw new Error("keys.js: a menu needs a summary");
}
