// A refused form: its summary gets the focus and names every field that is wrong, of rows too, with a link to it. One
// mechanism for every form; where a page's own summary names a field already, nothing is said twice.
const content = document.getElementById("content");
const wrong = content ? [...content.querySelectorAll(".field-errors")].filter((each) => each.closest("form[method=post]")) : [];

if (content) {
  let summary = content.querySelector("[data-error-summary]");
  if (!summary && wrong.length) {
    summary = document.createElement("div");
    summary.className = "alert alert-danger";
    summary.setAttribute("role", "alert");
    summary.tabIndex = -1;
    const title = document.createElement("h2");
    title.className = "h3";
    title.textContent = document.body.dataset.textNotRight;
    summary.append(title, document.createElement("ul"));
    wrong[0].closest("form").before(summary);
  }
  if (summary) {
    const list = summary.querySelector("ul") ?? summary.appendChild(document.createElement("ul"));
    const named = new Set([...summary.querySelectorAll("a")].map((link) => link.getAttribute("href")));
    const told = new Set([...summary.querySelectorAll("a")].map((link) => link.textContent.trim().replace(/\s+/g, " ")));
    for (const errors of wrong) {
      const place = errors.closest(".field")?.querySelector("input, select, textarea");
      if (!place?.id || named.has(`#${place.id}`)) continue;
      const row = errors.closest("fieldset.formset-row")?.querySelector("legend")?.textContent.trim();
      const label = errors.closest(".field").querySelector("legend, label")?.textContent.trim().replace(/\s*\*$/, "");
      const name = [row, label].filter(Boolean).join(", ");
      if (told.has(name)) continue; // a field of several inputs is named by one of them
      const link = document.createElement("a");
      link.href = `#${place.id}`;
      link.textContent = name;
      const item = document.createElement("li");
      item.append(link, `: ${errors.textContent.trim().replace(/\s+/g, " ")}`);
      list.append(item);
    }
    document.title = `${document.body.dataset.textNotRight}: ${document.title.trim()}`;
    summary.focus();
    summary.addEventListener("click", (event) => {
      const field = event.target.closest("a")?.hash && document.getElementById(event.target.closest("a").hash.slice(1));
      if (!field) return;
      event.preventDefault();
      for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    });
  } else {
    // What an act was refused for, said above the page or above its form: nobody should have to look for it. Where the
    // browser tells the status of the answer, also what no page has marked.
    const refused = performance.getEntriesByType("navigation")[0]?.responseStatus >= 400;
    const said = content.querySelector(
      "#notices .alert-danger, [data-refusal], form[method=post] .alert-danger[role=alert]",
    ) ?? (refused ? content.querySelector(".alert-danger[role=alert]") : null);
    if (said) {
      said.tabIndex = -1;
      said.focus();
    }
  }
}
