// Small conveniences over pages that work without them: menus close, long waits show, typed text is not left by accident.
const loading = document.getElementById("loading");
const notices = document.getElementById("notices");
const texts = document.body.dataset;

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.popover-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.popover-menu[open], details.shell-menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The desk's switches apply at once; without JavaScript they have a button.
for (const select of document.querySelectorAll("[data-submit-on-change]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

function show(text, kind = "danger") {
  const box = document.createElement("div");
  box.className = `alert alert-${kind}`;
  box.setAttribute("role", "alert");
  box.textContent = text;
  notices.replaceChildren(box);
  notices.scrollIntoView({ block: "nearest" });
}

// The button that filters are folded behind says how many are set, also while htmx brings only the rows.
document.addEventListener("change", (event) => {
  const count = event.target.closest("form.filters")?.querySelector("[data-filter-count]");
  if (!count) return;
  const fields = count.closest("details").querySelectorAll("input:not([type=hidden]), select");
  const set = [...fields].filter((field) => (field.type === "checkbox" ? field.checked : field.value !== "")).length;
  count.textContent = set ? ` (${set})` : "";
});

// A browser cuts what is pasted at the length of its field and says nothing: here all of it goes in, with how much that
// is, and the server refuses what is still too long when it is sent.
document.addEventListener("paste", (event) => {
  const field = event.target;
  if (!(field.maxLength > 0)) return;
  const pasted = (event.clipboardData?.getData("text/plain") ?? "").replace(/\r\n?/g, "\n");
  if (field.value.length - (field.selectionEnd - field.selectionStart) + pasted.length <= field.maxLength) return;
  const note = document.createElement("p");
  note.className = "form-hint";
  note.setAttribute("role", "status");
  field.after(note);
  const most = field.maxLength;
  field.removeAttribute("maxlength");
  field.addEventListener("input", function count() {
    note.textContent = `${texts.textTooLong} ${field.value.length.toLocaleString("id")}/${most.toLocaleString("id")}`;
    if (field.value.length > most) return;
    field.maxLength = most;
    field.removeEventListener("input", count);
    note.remove();
  });
});

// Paper is white: what is printed from the dark theme is printed in the light one.
const root = document.documentElement;
let themeOnScreen = "";
window.addEventListener("beforeprint", () => { themeOnScreen = root.dataset.bsTheme; root.dataset.bsTheme = "light"; });
window.addEventListener("afterprint", () => { root.dataset.bsTheme = themeOnScreen; });

let waiting = 0;
function progress(step) {
  waiting = Math.max(0, waiting + step);
  if (loading) loading.hidden = waiting === 0;
}
document.body.addEventListener("htmx:beforeRequest", () => progress(1));
document.body.addEventListener("htmx:afterRequest", () => progress(-1));
document.body.addEventListener("htmx:sendError", () => show(texts.textOffline));
document.body.addEventListener("htmx:timeout", () => show(texts.textOffline));
document.body.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401) show(texts.textLocked);
  else if (status !== 503) show(texts.textFailed);
});

// Files that are too large together are told of before they are sent; the server's limit is the same.
document.addEventListener("change", (event) => {
  if (event.target.type !== "file" || !texts.bodyLimitMb) return;
  const inputs = [...event.target.form.querySelectorAll("input[type=file]")];
  const size = inputs.flatMap((input) => [...input.files]).reduce((sum, file) => sum + file.size, 0);
  event.target.setCustomValidity(size > texts.bodyLimitMb * 1024 * 1024 ? texts.textTooLarge : "");
  event.target.reportValidity();
});

// A form that somebody has typed into asks before the page is left, unless drafts.js keeps its text; sending it is leaving
// on purpose.
let typedInto = null;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) typedInto = form;
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form === typedInto) typedInto = null;
  const button = event.submitter;
  if (button && !form.hasAttribute("data-repeatable")) {
    // After the browser has collected the form's data, so that the button's own value is sent.
    setTimeout(() => { button.disabled = true; button.setAttribute("aria-busy", "true"); }, 0);
    setTimeout(() => { button.disabled = false; button.removeAttribute("aria-busy"); }, 8000);
  }
});
// A form that outlived its session asks for the token of the new one before it goes; the sending itself is the browser's.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-fresh-token")) return;
  event.preventDefault();
  try {
    const answer = await fetch(texts.tokenUrl, { cache: "no-store", signal: AbortSignal.timeout(5000) });
    if (answer.ok) form.querySelector("input[name=csrfmiddlewaretoken]").value = (await answer.json()).token;
  } catch {
    // Sent with the token it has: the portal says what is the matter.
  }
  HTMLFormElement.prototype.submit.call(form); // a typed field may be called “submit”
});
window.addEventListener("beforeunload", (event) => {
  if (typedInto && document.contains(typedInto) && typedInto.dataset.draft !== "kept") event.preventDefault();
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[aria-busy]")) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
});

// Stands in while the line is down; does nothing else.
if (window.isSecureContext) navigator.serviceWorker?.register("/sw.js").catch(() => { /* a browser that forbids it goes without */ });
