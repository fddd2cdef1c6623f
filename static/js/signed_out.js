// A page that outlives its session keeps what was typed in it. Sign in in a new tab and come back: the forms get their new token, if it
// is the same person. Nothing typed is stored anywhere.

const OUT = "You were signed out. What you typed is still here; it is not saved. ";
const BACK = "You are signed in again. Send it now.";
const OTHER = "Somebody else signed in meanwhile. Reload the page: what you typed would be saved in their name.";

const { person, again, signIn } = document.body.dataset;
const place = document.querySelector("[data-not-sent]");
if (!place || !person) throw new Error("signed_out.js: the page needs data-not-sent and the person in its body");
let isOut = false;
let isRefused = false;

function tellOut() {
  isOut = true;
  const link = Object.assign(document.createElement("a"), { href: signIn, target: "_blank", textContent: "Sign in in a new tab" });
  place.replaceChildren(OUT, link);
}

async function lookAgain() {
  if (!(isOut || isRefused) || document.visibilityState !== "visible") return;
  const answer = await fetch(again, { headers: { accept: "application/json" } });
  if (!answer.ok || answer.redirected) return;
  const now = await answer.json();
  if (String(now.person) !== person) return void (place.textContent = OTHER);
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = now.token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "x-csrftoken": now.token }));
  if (isOut) place.textContent = BACK;
  isOut = isRefused = false;
}

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401 || (status === 403 && isOut)) tellOut();
  else if (status === 403) isRefused = true; // The token may be of a session that ended: a new one is asked for on coming back.
});
document.addEventListener("visibilitychange", lookAgain);
window.addEventListener("focus", lookAgain);
