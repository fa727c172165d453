// The search box: “/” leads to it from anywhere, hits come while one types, arrows walk through them, Enter opens.
// Without this file the box is a form like any other.
const field = document.getElementById("search-field");
const found = document.getElementById("search-found");
const typing = "input, textarea, select, [contenteditable]";

const links = () => {
  const box = found && !found.hidden ? found : document.getElementById("search-results");
  return box ? [...box.querySelectorAll("a[data-found]")] : [];
};
const close = () => { if (found) { found.hidden = true; found.replaceChildren(); } };

document.addEventListener("keydown", (event) => {
  if (!field || event.defaultPrevented || event.isComposing) return;
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest(typing)) {
    event.preventDefault();
    field.focus();
    field.select();
    return;
  }
  const here = event.target === field ? -1 : links().indexOf(event.target);
  if (event.target !== field && here < 0) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = here + (event.key === "ArrowDown" ? 1 : -1);
    const target = next < 0 ? field : links()[next];
    if (!target) return;
    event.preventDefault();
    target.focus();
  } else if (event.key === "Escape") {
    close();
    field.focus();
  }
});

if (field && found) {
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === found) found.hidden = field.value.trim().length < 2;
  });
  field.addEventListener("input", () => { if (field.value.trim().length < 2) close(); });
  document.addEventListener("click", (event) => { if (!event.target.closest(".shell-search")) close(); });
  document.addEventListener("focusin", (event) => { if (!event.target.closest(".shell-search")) close(); });
}
