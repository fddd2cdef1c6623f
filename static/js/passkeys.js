// Words for what passkeys do: allauth's scripts do the work, and tell of a failure by an event. Without scripts the button stays hidden.

const place = document.querySelector("[data-passkey]");
if (!place) throw new Error("passkeys.js: the page needs an element with data-passkey");

for (const form of document.querySelectorAll("[data-needs-script]")) form.hidden = false;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  place.textContent = "The browser used no passkey. Try again, or use a code.";
});
