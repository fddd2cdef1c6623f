// Numbers that are typed as a whole. The first click or tab into a box selects what is in it, so that a dose that is typed replaces the
// one that stands there (5 beside 0 would be 50); a second click places the caret, and a part that was marked by dragging stays so.
// What an answer says about a dose is brought into sight together with its box. A page moves while a key is pressed and never under a
// mouse on its way to the next box: the first key typed makes room for the whole answer, once.

const BOX = "input[data-amount]";
const ANSWER = "[data-in-sight]";
const ANSWERED = "[data-answers]"; // Where an answer will stand.
const ROOM = 660; // From the top of the boxes to the end of a long answer.

const roomy = new WeakSet(); // The forms that have room already.
let isByKey = false; // Whether the boxes are gone through without a mouse.
let untouched = null; // The box that has the focus and nothing pressed or typed in it yet, such as the first of a page.
let entered = null; // The box that a press is about to focus.
let typedIn = null; // The id of the box that had the focus when an answer came: htmx puts it back, and nothing is selected.

// A first press into the box that a page or a tab has chosen keeps what is selected there.
function notePress(event) {
  const box = event.target.closest(BOX);
  if (box && box === untouched && box === document.activeElement) {
    event.preventDefault();
    box.select();
  }
  isByKey = false;
  entered = box !== document.activeElement ? box : null;
  untouched = typedIn = null;
}

function noteKey({ key }) {
  typedIn = null;
  if (key === "Tab") isByKey = true;
  else untouched = null;
}

// A box that is still marked as a whole, because nothing was typed into it yet, is marked again.
function noteAnswer() {
  const box = document.activeElement;
  typedIn = box?.matches(BOX) && !isMarkedWhole(box) ? box.id : null;
}

const isMarkedWhole = (box) => box.selectionStart === 0 && box.selectionEnd === box.value.length;

function selectOnFocus({ target }) {
  if (!target.matches(BOX) || target.id === typedIn) return;
  enter(target);
  if (!entered) bringIntoSight(target);
}

function enter(box) {
  box.select();
  untouched = box;
}

// The browser places the caret after it has given the focus; what a drag has marked is left alone.
function selectOnClick(event) {
  const box = entered;
  entered = null;
  if (box) untouched = null;
  if (!box || event.target !== box) return;
  if (box.selectionStart === box.selectionEnd) box.select();
}

// As far down as the last part of the answer that must be seen, never so far that the box leaves.
function bringIntoSight(box) {
  const answer = [...(box.form?.querySelectorAll(ANSWER) ?? [])].at(-1);
  if (answer) moveDownTo(answer.getBoundingClientRect().bottom, box);
}

function makeRoom({ target: box }) {
  if (box !== document.activeElement || !box.matches(BOX) || roomy.has(box.form) || !box.form?.querySelector(ANSWERED)) return;
  roomy.add(box.form);
  moveDownTo(topOf(box) + ROOM, box);
}

const topOf = (box) => (box.closest("fieldset") ?? box).getBoundingClientRect().top;

function moveDownTo(bottom, box) {
  const covered = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  const distance = Math.min(bottom - window.innerHeight, topOf(box) - covered);
  if (distance > 0) window.scrollBy({ top: distance, behavior: "instant" });
}

function showAnswer({ target }) {
  const box = document.activeElement;
  if (isByKey && target.querySelector?.(ANSWER) && box?.matches(BOX)) bringIntoSight(box);
}

document.addEventListener("mousedown", notePress);
document.addEventListener("keydown", noteKey);
document.addEventListener("mousemove", () => (isByKey = false));
document.addEventListener("input", makeRoom);
document.addEventListener("focusin", selectOnFocus);
document.addEventListener("click", selectOnClick);
document.addEventListener("htmx:beforeSwap", noteAnswer);
document.addEventListener("htmx:afterSwap", showAnswer);

if (document.activeElement?.matches(BOX)) enter(document.activeElement);
