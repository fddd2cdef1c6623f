// Words for what passkeys do: allauth's scripts do the work, and tell of a failure by an event. Until they are ready the button stays hidden.

const place = document.querySelector("[data-passkey]");
if (!place) throw new Error("passkeys.js: the page needs an element with data-passkey");

// allauth's own listeners are there by now: they came first.
document.addEventListener("DOMContentLoaded", () => {
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
});

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  place.textContent = "The browser used no passkey. Try again, or use a code.";
});
