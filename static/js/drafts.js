// Keeps what is typed into a form until the form is taken: in this browser at once, at the portal a moment later, and
// puts it back when the form is opened again. What the portal has changed since is shown beside it, never overwritten.
const told = document.querySelector("script[data-owner]").dataset;
const SAVE_AFTER = 700, RETRY_AFTER = 8000, SMALL = 60000; // a page that closes may send no more than 64 kB
const STORE = `draft:${told.owner}:`;
const SERVED = /^(csrfmiddlewaretoken|form_key|version.*|seen|next|draft|draft_left|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS|.*-id)$/;
const NOT_KEPT = new Set(["hidden", "password", "file", "submit", "button", "image", "reset", "fieldset", "output"]);
const forms = new Map(); // key → what is known of the form
let token = "";
let isOver = false;
let restoring = false;

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const controls = (form, name) => [...HTMLFormElement.prototype.__lookupGetter__("elements").call(form)].filter((each) =>
  each.name && (!name || each.name === name) && !NOT_KEPT.has(each.type) && each.autocomplete !== "one-time-code" &&
  !each.closest("[data-no-draft]"));

// Two runs of a 32-bit hash over the form's address and kind: short, and the same in every browser.
function digest(text) {
  return [0x811c9dc5, 0x01000193].map((start) => {
    let hash = start;
    for (const each of text) hash = Math.imul(hash ^ each.codePointAt(0), 0x01000193) ^ (hash >>> 15);
    return (hash >>> 0).toString(36);
  }).join("");
}

function keyOf(form) {
  const to = new URL(form.getAttribute("action") || location.href, location.href);
  const hidden = [...form.querySelectorAll("input[type=hidden][name]")].filter((each) => !SERVED.test(each.name));
  return digest([to.pathname + to.search, ...hidden.map((each) => `${each.name}=${each.value}`), controls(form)[0].id || controls(form)[0].name].join("\n"));
}

// What the controls of one name say: now, or as the page came.
function said(form, name, asServed) {
  return controls(form, name).flatMap((each) => {
    if (each.type === "checkbox" || each.type === "radio") return (asServed ? each.defaultChecked : each.checked) ? [each.value] : [];
    if (!each.options) return [asServed ? each.defaultValue : each.value];
    const chosen = [...each.options].filter((option) => (asServed ? option.defaultSelected : option.selected));
    return chosen.length || each.multiple || !each.options.length ? chosen.map((option) => option.value) : [each.options[0].value];
  });
}

function put(form, name, texts) {
  const rest = [...texts];
  restoring = true;
  for (const each of controls(form, name)) {
    const before = each.options ? [...each.selectedOptions].map((option) => option.value).join() : each.value + each.checked;
    if (each.type === "checkbox" || each.type === "radio") each.checked = texts.includes(each.value);
    else if (each.options) for (const option of each.options) option.selected = texts.includes(option.value);
    else each.value = rest.shift() ?? each.value;
    const after = each.options ? [...each.selectedOptions].map((option) => option.value).join() : each.value + each.checked;
    if (before === after) continue;
    each.closest("details")?.setAttribute("open", "");
    for (const kind of ["input", "change"]) each.dispatchEvent(new Event(kind, { bubbles: true })); // other scripts look again
  }
  restoring = false;
}

function labelOf(control) {
  const text = (control.labels?.[0] ?? control.closest("fieldset")?.querySelector("legend"))?.innerText || control.getAttribute("aria-label") || control.name;
  return text.replace(/\s*\*\s*$/, "").trim().slice(0, 200);
}

// -- keeping --------------------------------------------------------------------------------------------------------
function typed(event) {
  const { target } = event;
  const state = target.form && [...forms.values()].find((each) => each.form === target.form);
  if (!state || restoring || !controls(state.form, target.name).includes(target)) return;
  const { name } = target, now = said(state.form, name), served = said(state.form, name, true), before = state.fields[name];
  const base = before && before.b !== undefined && !state.open.has(name) ? before.b : served;
  if (same(now, base)) delete state.fields[name];
  else state.fields[name] = { t: now, b: base, l: labelOf(target), ...(before?.o ? { o: before.o } : {}) };
  if (state.open.has(name)) (state.fields[name] ??= { t: now, b: base, l: labelOf(target) }).o = [...(before.o ?? []), before.t];
  state.open.delete(name);
  state.typed.add(name);
  state.count += 1;
  storeHere(state);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(state), SAVE_AFTER);
}

function storeHere(state, sent = 0) {
  const copy = { fields: state.fields, seen: state.stamp, page: state.page, title: state.title, place: state.place, left: homeless(state), at: new Date().toISOString(), sent };
  try { localStorage.setItem(STORE + state.key, JSON.stringify(copy)); state.form.dataset.draft = "kept"; } catch { delete state.form.dataset.draft; }
}

const letter = ({ key, page, title, place, fields, seen }) => JSON.stringify({ owner: told.owner, key, page, title, place, fields, seen });

async function send(body, closing) {
  for (let tries = 0; ; tries += 1) {
    token ||= document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
    const answer = await fetch(told.drafts, { method: "POST", body, redirect: "manual", keepalive: closing && body.length < SMALL,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
    if (answer.status !== 403 || tries) return answer;
    token = (await (await fetch(told.tokenUrl, { cache: "no-store" })).json()).token; // a sign-in has changed it
  }
}

async function save(state, closing = false) {
  clearTimeout(state.timer);
  if (state.saving && !closing) { state.again = true; return; }
  const { count } = state;
  state.saving = true;
  try {
    const answer = await send(letter({ ...state, seen: state.stamp }), closing);
    if (answer.ok) kept(state, (await answer.json()).stamp, count);
    else if (answer.type === "opaqueredirect" || answer.status === 401) over();
    else if (answer.status === 413) note(state, (await answer.json()).problem);
    else if (answer.status >= 500) state.timer = setTimeout(() => save(state), RETRY_AFTER);
  } catch {
    note(state, told.here);
    state.timer = setTimeout(() => save(state), RETRY_AFTER);
  } finally {
    state.saving = false;
  }
  if (state.again) { state.again = false; save(state); }
}

function kept(state, stamp, count) {
  state.stamp = stamp;
  if (state.isSent) return;
  if (state.count === count) { try { localStorage.removeItem(STORE + state.key); } catch { /* there is none */ } }
  state.form.dataset.draft = "kept";
  note(state, stamp ? told.saved.replace("{time}", time(stamp)) : "");
}

function over() {
  if (isOver) return;
  isOver = true;
  const link = document.createElement("a");
  link.href = `${told.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = told.again;
  document.getElementById("notices")?.replaceChildren(box("alert-warning", told.over, " ", link));
}

// -- coming back ----------------------------------------------------------------------------------------------------
const time = (stamp, options = {}) => new Intl.DateTimeFormat("id", { timeZone: "Asia/Makassar", hour: "2-digit", minute: "2-digit", ...options }).format(new Date(stamp)).replace(",", "");
const readable = (form, name, texts) => texts.map((text) => {
  const control = controls(form, name).find((each) => each.options || ((each.type === "radio" || each.type === "checkbox") && each.value === text));
  const option = control?.options && [...control.options].find((each) => each.value === text);
  return option ? option.text.trim() : control?.type === "radio" ? labelOf(control) : text;
}).join(", ") || "–";

function element(tag, kind, ...parts) {
  const made = document.createElement(tag);
  made.className = kind;
  made.append(...parts);
  return made;
}
const box = (kind, ...parts) => { const made = element("div", `alert ${kind}`, element("div", "", ...parts)); made.setAttribute("role", "status"); return made; };
function button(text, act) {
  const made = element("button", "btn btn-sm", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function note(state, text) {
  state.note ??= state.form.appendChild(element("p", "draft-note"));
  state.note.textContent = text;
}

// Two copies, of the portal and of this browser, as one: the later text stands, the other beside it.
function joined(one, other) {
  const all = { ...one.fields };
  for (const [name, field] of Object.entries(other.fields)) {
    const both = all[name] && !same(all[name].t, field.t) && one.stamp !== other.seen;
    all[name] = both ? { ...field, o: [...(field.o ?? []), all[name].t] } : field;
  }
  return all;
}

// What was typed into fields that this form does not have (yet): sending the form does not take it.
const homeless = (state) => Object.keys(state.fields).filter((name) => !controls(state.form, name).length);
const only = (fields, names) => Object.fromEntries(names.filter((name) => fields[name]).map((name) => [name, fields[name]]));

// A row that was added and never sent is added again, one at a time: the page comes back with it, and asks for the next.
function addRow(state, names) {
  for (const name of names) {
    const [, prefix, place] = name.match(/^(.+)-(\d+)-/) ?? [];
    const total = prefix && state.form.querySelector(`input[name="${CSS.escape(prefix)}-TOTAL_FORMS"]`);
    const add = total && state.form.querySelector(`button[name=act][value="add-${CSS.escape(prefix)}"], button[name=act][value=add]`);
    if (!add || Number(place) < Number(total.value)) continue;
    const asked = `rows:${state.key}:${prefix}`;
    if (sessionStorage.getItem(asked) === total.value) continue; // it was asked for and did not come
    sessionStorage.setItem(asked, total.value);
    state.form.requestSubmit(add);
    return;
  }
}

function restore(state) {
  const found = { back: 0, open: [], away: [], others: [] };
  for (const [name, field] of Object.entries(state.fields)) {
    if (state.typed.has(name)) continue;
    const served = said(state.form, name, true), now = said(state.form, name);
    if (field.o?.length) found.others.push([name, field]);
    if (!controls(state.form, name).length) found.away.push([name, field]);
    else if (same(now, field.t)) found.back += same(served, field.t) ? 0 : 1;
    else if (same(served, field.b)) {
      put(state.form, name, field.t);
      if (same(said(state.form, name), field.t)) found.back += 1;
      else found.away.push([name, field]); // a choice that the form does not offer, or not yet
    } else { state.open.add(name); found.open.push([name, field, served]); }
  }
  if (found.back) state.form.dataset.draft = "kept";
  bar(state, found);
  addRow(state, found.away.map(([name]) => name));
}

function bar(state, { back, open, away, others }) {
  state.bar?.remove();
  if (!back && !open.length && !away.length && !others.length) return;
  const from = time(state.stamp || state.at, { day: "numeric", month: "short" });
  const made = box("alert-info draft-bar", element("strong", "", (back ? told.back : told.waiting).replace("{time}", from)), " ", button(told.discard, () => discard(state)));
  const lines = [
    ...open.map(([name, field, served]) => element("li", "", element("strong", "", field.l), ` · ${told.now} `, readable(state.form, name, served), ` · ${told.yours} `,
      element("mark", "", readable(state.form, name, field.t)), " ", button(told.take, () => take(state, name, field)))),
    ...away.map(([name, field]) => element("li", "", element("strong", "", field.l || name), ` · ${told.away} `, element("mark", "", field.t.join(", ")))),
    ...others.map(([name, field]) => element("li", "", element("strong", "", field.l), ` · ${told.other} `, ...field.o.map((text) => element("mark", "me-1", readable(state.form, name, text))))),
  ];
  if (state.place && state.place !== told.place) made.firstChild.append(element("p", "mb-1", element("strong", "", told.typedFor.replace("{place}", state.place))));
  if (open.length) made.firstChild.append(element("p", "mb-1", told.changed));
  if (lines.length) made.firstChild.append(element("ul", "mb-0", ...lines));
  state.bar = made;
  state.form.before(made);
}

function take(state, name, field) {
  state.open.delete(name);
  state.fields[name] = { ...field, b: said(state.form, name, true) };
  restore(state);
  save(state);
}

function discard(state) {
  for (const [name, field] of Object.entries(state.fields)) if (same(said(state.form, name), field.t)) put(state.form, name, said(state.form, name, true));
  state.fields = {};
  state.open.clear();
  state.typed.clear();
  state.bar.remove();
  storeHere(state);
  save(state);
}

// -- the forms of the page ------------------------------------------------------------------------------------------
function copyHere(key) {
  try { return JSON.parse(localStorage.getItem(STORE + key)); } catch { return null; }
}

function found(form) {
  const isTypedInto = [...form.querySelectorAll("input, textarea")].some((each) => !NOT_KEPT.has(each.type) && each.type !== "checkbox" && each.type !== "radio");
  const keepsSomething = isTypedInto && controls(form).length;
  if (form.matches("[data-no-draft], [data-grid]") || !keepsSomething) return null; // a grid keeps its own cells
  const key = keyOf(form);
  if (forms.get(key)?.form.isConnected) return null;
  const above = [...document.querySelectorAll(".crumbs a")].slice(2).at(-1)?.innerText; // which row of a list it is
  const title = [document.querySelector("main h1")?.innerText.trim() ?? document.title, above].filter(Boolean).join(" · ").slice(0, 200);
  const state = { form, key, title, page: location.pathname + location.search, place: told.place, fields: {}, stamp: "", typed: new Set(), open: new Set(), count: 0 };
  forms.set(key, state);
  return state;
}

async function look(within) {
  const fresh = [...within.querySelectorAll("form[method=post]")].map(found).filter(Boolean);
  for (const state of forms.values()) if (!fresh.includes(state) && Object.keys(state.fields).length) restore(state);
  if (!fresh.length) return;
  const here = new Map(fresh.map((state) => [state.key, copyHere(state.key)]));
  let there = {};
  try {
    const answer = await fetch(`${told.drafts}?k=${fresh.map((state) => state.key)}`, { cache: "no-store", redirect: "manual" });
    if (answer.ok) there = await answer.json();
  } catch { /* what this browser has is put back */ }
  for (const state of fresh) {
    const mine = here.get(state.key), portals = there[state.key];
    if (!mine && !portals) continue;
    for (const [name, field] of Object.entries(mine ? joined(portals ?? { fields: {} }, mine) : portals.fields)) {
      const now = state.fields[name]; // typed while the draft was on its way: it stands, the draft's text beside it
      if (!now) state.fields[name] = field;
      else if (!same(now.t, field.t)) now.o = [...(field.o ?? []), field.t];
    }
    state.stamp = portals?.stamp ?? "";
    state.at = mine?.at;
    state.place = portals?.place || mine?.place || told.place;
    restore(state);
    if (mine) { state.count += 1; save(state); }
  }
}

// Which forms were taken says a cookie, whatever page came after them.
function forgetTaken() {
  const key = document.cookie.match(/(?:^|; )draft_taken=([0-9a-z]+)/)?.[1];
  if (!key) return;
  document.cookie = "draft_taken=; Max-Age=0; Path=/; SameSite=Lax";
  const copy = copyHere(key);
  if (!copy?.sent) return;
  const left = only(copy.fields, copy.left ?? []);
  localStorage.removeItem(STORE + key);
  if (copy.sent > 1) send(letter({ ...copy, key, fields: left })).catch(() => {}); // a save was on its way beside the form
}

// Copies of forms that are not on this page go to the portal, so that the list of drafts knows them.
async function handOver() {
  let names = [];
  try { names = Object.keys(localStorage).filter((name) => name.startsWith(STORE)); } catch { /* no store */ }
  for (const name of names) {
    const key = name.slice(STORE.length), copy = copyHere(key);
    if (!copy || copy.refused || forms.has(key)) continue;
    try {
      const { ok, status, type } = await send(letter({ ...copy, key }));
      if (ok) localStorage.removeItem(name);
      else if (type === "opaqueredirect" || status === 401 || status >= 500) return; // another time
      else localStorage.setItem(name, JSON.stringify({ ...copy, refused: 1 })); // too large, or no page of theirs by now: it stays here
    } catch { return; }
  }
}

const unsaved = () => [...forms.values()].filter((state) => !state.isSent && copyHere(state.key));

document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-forgets-drafts]")) return leave(event);
  const state = [...forms.values()].find((each) => each.form === form);
  if (!state) return undefined;
  if (!navigator.onLine && !form.matches("[hx-post]")) return wait(event, state);
  for (const [name, value] of [["draft", state.key], ["draft_left", JSON.stringify(homeless(state))]]) {
    const input = form.querySelector(`:scope > input[name=${name}]`) ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    input.value = value;
  }
  clearTimeout(state.timer);
  if (Object.keys(state.fields).length) storeHere(state, state.saving ? 2 : 1);
  state.isSent = true;
  setTimeout(() => { state.isSent = false; }, RETRY_AFTER); // still here: it was a download, or nothing came of it
  return undefined;
}, { capture: true });

// Without a line a form would lead nowhere: it waits on its page, and goes when the line is back. The page may have been
// kept for long, so it asks for the token of the day first.
function wait(event, state) {
  event.preventDefault();
  event.stopPropagation(); // portal.js takes the button for pressed
  state.waits = { by: event.submitter };
  note(state, told.here);
}

async function goOn(state) {
  try {
    const answer = await fetch(told.tokenUrl, { cache: "no-store" });
    state.form.elements.csrfmiddlewaretoken.value = (await answer.json()).token;
    const { by } = state.waits;
    state.waits = null;
    state.form.requestSubmit(by);
  } catch { setTimeout(() => state.waits && goOn(state), RETRY_AFTER); }
}

// Signing out waits for what is still on its way, then leaves nothing of the person in this browser. What
// somebody else's session left behind here when it ended is theirs: it waits for them.
async function leave(event) {
  event.preventDefault();
  event.stopPropagation(); // portal.js forgets at once, on pages that keep nothing
  await Promise.race([Promise.all(unsaved().map((state) => save(state))), new Promise((done) => { setTimeout(done, 3000); })]);
  try { for (const name of Object.keys(localStorage)) if (name.startsWith(STORE)) localStorage.removeItem(name); } catch { /* no store */ }
  HTMLFormElement.prototype.submit.call(event.target);
}

for (const kind of ["pagehide", "visibilitychange"]) {
  window.addEventListener(kind, () => {
    if (kind === "visibilitychange" && document.visibilityState === "visible") return;
    for (const state of unsaved()) save(state, true);
  });
}
window.addEventListener("online", () => {
  for (const state of unsaved()) if (!state.waits) save(state);
  for (const state of forms.values()) if (state.waits && state.form.isConnected) goOn(state);
});
document.body.addEventListener("htmx:afterSettle", () => look(document));

forgetTaken();
look(document).then(handOver);
