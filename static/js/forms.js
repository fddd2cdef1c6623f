// What a form needs beside the server: no second send by a double click, a warning before typed text is lost, the focus on what
// must be answered, and words when an answer did not arrive. Nothing typed is ever stored in the browser: it is patient data.

const ANSWERS = "[data-error-summary], [data-answer]";
const FAILED = "No usable answer from the server; this may not be saved. What you typed is still here. Check the connection and send it again.";
const REFUSED =
  "The server refused this; nothing was saved. What you typed is still here, and a reload would lose it: copy it first. " +
  "If you were signed out, sign in in another tab, come back and send it again.";

const typed = new Set();

function stopSecondSend(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.ariaBusy === "true") return event.preventDefault();
  form.ariaBusy = "true";
  typed.clear();
}

function freeForms() {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.ariaBusy = null;
}

function noteTyping(event) {
  const form = event.target.form;
  if (form?.matches("[data-unsaved]")) typed.add(form);
}

// What was typed or chosen before the scripts came, or put back by the browser on a reload, counts like what is typed after.
function catchUp() {
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    const changed = [...form.elements].find(isChanged);
    changed?.dispatchEvent(new Event("input", { bubbles: true }));
    changed?.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function isChanged(control) {
  if (control.type === "hidden") return false;
  if (control.options) return control.value !== firstChoice(control);
  if (["checkbox", "radio"].includes(control.type)) return control.checked !== control.defaultChecked;
  return "defaultValue" in control && control.value !== control.defaultValue;
}

// A list in which the server selected nothing shows its first option.
function firstChoice(list) {
  return list.querySelector("option[selected]")?.value ?? list.options[0]?.value;
}

function warnOfUnsaved(event) {
  if ([...typed].some((form) => form.isConnected)) event.preventDefault();
}

function focusOnAnswer(root) {
  root.querySelector(ANSWERS)?.focus();
}

function afterSwap(event) {
  const { requestConfig, target } = event.detail;
  if (requestConfig?.triggeringEvent?.type === "submit") focusOnAnswer(target.isConnected ? target : document);
}

// A saved form leads to another page before htmx says that its request is over.
function beforeAnswer(event) {
  if (event.detail.xhr.getResponseHeader("HX-Redirect")) typed.clear();
}

// What is said of a save that was lost stays until a save is answered: a preview that arrives says nothing of it.
let isSaveLost = false;

const isSave = (event) => event.detail.requestConfig?.triggeringEvent?.type === "submit";

function afterRequest(event) {
  const { successful, elt } = event.detail;
  if (!successful || (isSaveLost && !isSave(event))) return;
  isSaveLost = false;
  say("");
  if (isSave(event)) typed.delete(elt.closest("form"));
}

function sayLost(event, words) {
  isSaveLost ||= isSave(event);
  say(words);
}

// A busy or lost database is told by the server in a sentence of its own, as plain text.
function wordsFor(xhr) {
  if (xhr.status < 500) return REFUSED;
  const isSentence = xhr.status === 503 && xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  return isSentence ? xhr.responseText : FAILED;
}

function say(words) {
  const place = document.querySelector("[data-not-sent]");
  if (!place) throw new Error("forms.js: a page with htmx needs an element with data-not-sent");
  place.textContent = words;
}

document.addEventListener("submit", stopSecondSend);
document.addEventListener("input", noteTyping);
document.addEventListener("DOMContentLoaded", catchUp); // After htmx, which listens first.
window.addEventListener("beforeunload", warnOfUnsaved);
window.addEventListener("pageshow", freeForms);
document.addEventListener("htmx:beforeOnLoad", beforeAnswer);
document.addEventListener("htmx:afterSwap", afterSwap);
document.addEventListener("htmx:afterRequest", afterRequest);
for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, (event) => sayLost(event, FAILED));
// signed_out.js tells what to do about 401.
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.status !== 401) sayLost(event, wordsFor(xhr));
});

focusOnAnswer(document);
