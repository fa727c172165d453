// Keeping pages on this device: the switch on “Tugas saya”, and the list on the page that stands in while the line is down.
const PAGES = "halaman-";
const MOST = 15;
const WORTH_KEEPING = /^\/(?:isian\/|spm\/isian\/\d|laporan\/\d+\/|program\/\d+\/(?:ubah|indikator)\/)/;

function prepare(box) {
  const { user, textKept, textFailed } = box.dataset;
  const [toggle, said] = [box.querySelector("input"), box.querySelector("[role=status]")];
  const key = `luring:${user}`;
  const tell = async (order) => (await navigator.serviceWorker.ready).active.postMessage(order);
  const addresses = () => {
    const due = box.dataset.pages.split(" ").filter(Boolean).map((each) => new URL(each, location.href).href);
    const wanted = [location.href, ...due, ...[...document.querySelectorAll(".tasks a[href], .shell-nav a[href]")].map((link) => link.href)];
    return [...new Set(wanted)].filter((each) => each === location.href || WORTH_KEEPING.test(new URL(each).pathname)).slice(0, MOST);
  };
  const refresh = () => tell({ do: "keep", user, pages: addresses() });
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    said.textContent = data.kept ? `${textKept} ${data.kept}` : (toggle.checked ? textFailed : "");
  });
  toggle.checked = localStorage.getItem(key) === "1";
  toggle.addEventListener("change", () => {
    if (toggle.checked) { localStorage.setItem(key, "1"); refresh(); } else { localStorage.removeItem(key); tell({ do: "forget" }); }
  });
  box.hidden = false;
  if (toggle.checked && navigator.onLine) refresh();
}

// Their titles, as they were kept.
async function list(box) {
  const lines = document.createElement("ul");
  box.append(lines);
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES));
  for (const name of names) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const text = await (await cache.match(request)).text();
      const title = new DOMParser().parseFromString(text, "text/html").title.split("·")[0].trim();
      const [line, link] = [document.createElement("li"), document.createElement("a")];
      link.href = request.url;
      link.textContent = title || request.url;
      line.append(link);
      lines.append(line);
    }
  }
  box.hidden = !box.querySelector("li");
}

if ("serviceWorker" in navigator) {
  for (const box of document.querySelectorAll("[data-offline-switch]")) prepare(box);
  for (const box of document.querySelectorAll("[data-offline-list]")) list(box);
  document.querySelector("[data-offline-retry]")?.addEventListener("click", () => location.reload());
}
