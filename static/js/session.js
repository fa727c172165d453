// Says some minutes before it happens that the session will be locked, or is over; a press of the button keeps it.
const told = document.querySelector("script[data-session-ends]").dataset;
const WARN_BEFORE = 5 * 60000, LOOK_EVERY = 20000;
const ends = Date.parse(told.sessionEnds);
const idle = Number(told.idleMinutes) * 60000;
let warning = null;

// Every tab of the browser shares the session: what one of them is answered counts for all.
function heard() {
  try { localStorage.setItem("session-heard", String(Date.now())); } catch { /* then this tab counts for itself */ }
  mine = Date.now();
  warning?.remove();
  warning = null;
}
let mine = Date.now();
const lastHeard = () => { try { return Math.max(mine, Number(localStorage.getItem("session-heard"))); } catch { return mine; } };

function look() {
  const locks = lastHeard() + idle, first = Math.min(locks, ends), now = Date.now();
  if (first - now > WARN_BEFORE) { warning?.remove(); warning = null; return; }
  if (now > first || warning) return;
  const time = new Intl.DateTimeFormat("id", { timeZone: "Asia/Makassar", hour: "2-digit", minute: "2-digit" }).format(first);
  warning = document.createElement("div");
  warning.className = "alert alert-warning";
  warning.setAttribute("role", "alert");
  const text = document.createElement("div");
  text.append((first === ends ? told.ends : told.locks).replace("{time}", time), " ");
  if (first !== ends) {
    const stay = document.createElement("button");
    stay.type = "button";
    stay.className = "btn btn-sm";
    stay.textContent = told.stay;
    stay.addEventListener("click", () => fetch(told.drafts, { cache: "no-store" }));
    text.append(stay);
  }
  warning.append(text);
  document.getElementById("notices")?.append(warning);
}

heard();
// Whatever of the page's scripts was answered by the portal is a sign of life, too.
new PerformanceObserver((list) => {
  if (list.getEntries().some((each) => ["fetch", "xmlhttprequest"].includes(each.initiatorType) && each.responseStatus < 400)) heard();
}).observe({ type: "resource" });
setInterval(look, LOOK_EVERY);
