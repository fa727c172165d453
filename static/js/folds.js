// On a phone each cell of a sheet has a line of its own: of many programmes only the first with gaps is open, and of an
// open one the rows that are complete are folded. Without this file, and on wider screens, all of it is shown.
const NARROW = matchMedia("(max-width: 48rem)"); // as portal.css puts the cells below one another
const NEEDED = /-(financial_rupiah|physical_percent|value|numerator|denominator|people)$/; // without them nothing is sent

const hasGap = (row) => Boolean(row.querySelector("[aria-invalid=true], .finding, .grid-conflict")) ||
  [...row.querySelectorAll("input")].some((input) => NEEDED.test(input.name) && !input.value.trim());

const folds = new Map(); // what is folded → its fold

class Fold {
  constructor(folded, place, words) {
    folds.set(folded, this);
    this.folded = folded;
    this.words = words; // whether it is open → what the button says
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "btn btn-sm sheet-fold";
    this.button.addEventListener("click", () => this.open(folded.hasAttribute("data-folded")));
    place.append(this.button);
  }

  open(isOpen) {
    this.folded.toggleAttribute("data-folded", !isOpen);
    this.button.setAttribute("aria-expanded", String(isOpen));
    this.button.textContent = this.words(isOpen);
    this.button.setAttribute("aria-label", `${this.button.textContent}: ${nameOf(this.button.closest("th"))}`);
  }
}

const nameOf = (heading) => (heading.querySelector("a")?.textContent ?? heading.firstChild.textContent).trim();

function fold(form) {
  const texts = form.dataset;
  const blocks = [...form.querySelectorAll("tbody[data-report]")];
  const rowsOf = (block) => [...block.querySelectorAll("tr[data-row]")];
  const first = blocks.find((block) => rowsOf(block).some(hasGap) || block.querySelector(".grid-program .finding"));
  for (const block of blocks) {
    const rows = rowsOf(block);
    for (const row of rows) {
      if (hasGap(row)) continue;
      new Fold(row, row.querySelector("th"), (isOpen) => (isOpen ? texts.textFold : texts.textUnfold)).open(false);
    }
    if (blocks.length === 1) continue;
    const open = () => rows.filter(hasGap).length;
    new Fold(block, block.querySelector(".grid-program th"), (isOpen) => {
      if (isOpen) return texts.textFold;
      return `${texts.textUnfold} · ${texts.textRows} ${rows.length}${open() ? ` · ${texts.textGaps} ${open()}` : ""}`;
    }).open(block === first);
  }
  // What asks for somebody's look, or gets the focus from elsewhere, is never behind a fold.
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (target.closest("[data-folded]") && hasGap(target.closest("tr") ?? target)) unfold(target);
    }
  }).observe(form, { subtree: true, childList: true, attributeFilter: ["aria-invalid"] });
}

function unfold(within) {
  for (let folded = within.closest("[data-folded]"); folded; folded = within.closest("[data-folded]")) folds.get(folded).open(true);
}

let isDone = false;
function look() {
  if (isDone || !NARROW.matches) return;
  isDone = true;
  for (const form of document.querySelectorAll("form[data-grid]")) fold(form);
}

look();
NARROW.addEventListener("change", look); // a tablet that is turned
