// Keeps what is typed into a form until the form is taken: in this browser at once, at the portal a moment later, and
// puts it back when the form is opened again. What the portal has changed since is shown beside it, never overwritten.
const told = document.querySelector("script[data-owner]").dataset;
const SAVE_AFTER = 700, RETRY_AFTER = 8000, SMALL = 60000; // a page that closes may send no more than 64 kB
const STORE = `draft:${told.owner}:`, SHEET = `isian:${told.owner}:`;
const SERVED = /^(csrfmiddlewaretoken|form_key|version.*|seen|next|draft|draft_left|draft_known|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS|.*-id)$/;
const NOT_KEPT = new Set(["hidden", "password", "file", "submit", "button", "image", "reset", "fieldset", "output"]);
// A text bears whose it is: this page's name and a number. What a page does not know of it neither overwrites nor takes away.
const TAB = Math.random().toString(36).slice(2, 10);
const forms = new Map(); // key → what is known of the form
let token = "";
let isOver = false;
let restoring = false;
let count = 0; // of all that was typed in this tab: a form that the page puts anew in place of itself counts on

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
  // Not innerText: a label in a folded part of the page has none.
  const text = (control.labels?.[0] ?? control.closest("fieldset")?.querySelector("legend"))?.textContent.replace(/\s+/g, " ").trim() || control.getAttribute("aria-label") || control.name;
  return text.replace(/\s*\*\s*$/, "").trim().slice(0, 200);
}

// -- keeping --------------------------------------------------------------------------------------------------------
function typed({ target }) {
  const state = target.form && [...forms.values()].find((each) => each.form === target.form);
  if (state && !restoring && controls(state.form, target.name).includes(target)) keepTyped(state, target);
}

function keepTyped(state, target) {
  const { name } = target, now = said(state.form, name), served = said(state.form, name, true), before = state.fields[name];
  const base = before && before.b !== undefined && !state.open.has(name) ? before.b : served;
  state.count = ++count;
  const others = [...(before?.o ?? []), ...(state.open.has(name) ? [{ t: before.t, w: before.w }] : [])];
  if (same(now, base) && !others.length) delete state.fields[name];
  else state.fields[name] = { t: now, b: base, l: labelOf(target), w: `${TAB}.${state.count}`, o: others };
  state.open.delete(name);
  state.typed.add(name);
  storeHere(state);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(state), SAVE_AFTER);
}

function storeHere(state, sent = 0) {
  const copy = { fields: state.fields, page: state.page, title: state.title, place: state.place, known: known(state), left: homeless(state), at: new Date().toISOString(), sent };
  try { localStorage.setItem(hereName(state), JSON.stringify(copy)); state.form.dataset.draft = "kept"; } catch { delete state.form.dataset.draft; }
}

// Each page keeps a copy of its own: two tabs of one form do not overwrite one another.
const hereName = (state) => `${STORE}${state.key}:${TAB}`;
const keyIn = (name) => name.slice(STORE.length).split(":")[0];
const known = (state) => [`${TAB}.${state.count}`, ...state.found];

const letter = ({ key, page, title, place, fields, known: texts }) => JSON.stringify({ owner: told.owner, key, page, title, place, fields, known: texts });

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
  const { count: sent } = state;
  state.saving = true;
  try {
    const answer = await send(letter({ ...state, known: known(state) }), closing);
    if (answer.ok) kept(state, (await answer.json()).stamp, sent);
    else if (answer.type === "opaqueredirect" || answer.status === 401) over();
    else if (answer.status === 409) note(state, told.foreign); // the copy of this browser waits for its author
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

function kept(state, stamp, sent) {
  state.stamp = stamp;
  if (state.isSent) return;
  if (state.count === sent) { try { localStorage.removeItem(hereName(state)); } catch { /* there is none */ } }
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
  const day = controls(form, name)[0]?.type === "date" && /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (day) return new Intl.DateTimeFormat("id", { dateStyle: "long", timeZone: "UTC" }).format(new Date(text));
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

const isKnown = (names, text) => !text.w || names.includes(text.w) || text.w.split(".")[0] === names[0]?.split(".")[0];
const textsOf = (field) => [{ t: field.t, w: field.w ?? "" }, ...(field.o ?? [])];

// Two copies as one: the later one's text stands, the earlier one's beside it unless the later one knew of it. What was
// removed there does not come back.
function joined(earlier, later) {
  const all = {}, names = later.known ?? [];
  for (const [name, field] of Object.entries({ ...earlier, ...later.fields })) {
    const mine = later.fields[name], foreign = earlier[name] ? textsOf(earlier[name]).filter((text) => !isKnown(names, text)) : [];
    const others = foreign.filter((text) => !mine || !textsOf(mine).some((each) => same(each.t, text.t)));
    if (mine) all[name] = { ...mine, o: [...(mine.o ?? []), ...others] };
    else if (others.length) all[name] = { ...field, ...others[0], o: others.slice(1) };
  }
  return all;
}

// What was typed into fields that this form does not have (yet): sending the form does not take it.
const homeless = (state) => Object.keys(state.fields).filter((name) => !controls(state.form, name).length);
// Whether these texts can be chosen there now; a text can always be typed. Codes that were searched for come and go.
const offers = (form, name, texts) => controls(form, name).some((each) => !each.options && each.type !== "radio" && each.type !== "checkbox") ||
  texts.every((text) => controls(form, name).some((each) => (each.options ? [...each.options].some(({ value }) => value === text) : each.value === text)));
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
    else if (same(served, field.b) || (!served.length && !offers(state.form, name, field.b))) {
      const isThere = offers(state.form, name, field.t);
      if (isThere) put(state.form, name, field.t); // else a choice that the form does not offer, or not yet: what it has stays
      if (isThere && same(said(state.form, name), field.t)) found.back += 1;
      else found.away.push([name, field]);
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
    ...others.map(([name, field]) => element("li", "", element("strong", "", field.l), ` · ${told.other} `, ...field.o.map(({ t }) => element("mark", "me-1", readable(state.form, name, t))))),
  ];
  if (state.place && state.place !== told.place) made.firstChild.append(element("p", "mb-1", element("strong", "", told.typedFor.replace("{place}", state.place))));
  if (open.length) made.firstChild.append(element("p", "mb-1", told.changed));
  if (back && state.form.querySelector("input[type=file]")) made.firstChild.append(element("p", "mb-1", told.files));
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
function copyAt(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

// [name, copy], the oldest first; of one form, or of all.
function copiesHere(key) {
  let names = [];
  try { names = Object.keys(localStorage).filter((name) => name.startsWith(STORE) && (!key || keyIn(name) === key)); } catch { /* no store */ }
  return names.map((name) => [name, copyAt(name)]).filter(([, copy]) => copy?.fields).sort(([, one], [, other]) => String(one.at).localeCompare(String(other.at)));
}

function found(form) {
  const isTypedInto = [...form.querySelectorAll("input, textarea")].some((each) => !NOT_KEPT.has(each.type) && each.type !== "checkbox" && each.type !== "radio");
  const keepsSomething = isTypedInto && controls(form).length;
  if (form.matches("[data-no-draft], [data-grid]") || !keepsSomething) return null; // a grid keeps its own cells
  const key = keyOf(form);
  if (forms.get(key)?.form.isConnected) return null;
  const above = [...document.querySelectorAll(".crumbs a")].slice(2).at(-1)?.innerText; // which row of a list it is
  const title = [document.querySelector("main h1")?.innerText.trim() ?? document.title, above].filter(Boolean).join(" · ").slice(0, 200);
  const state = { form, key, title, page: location.pathname + location.search, place: told.place, fields: {}, stamp: "", found: [], typed: new Set(), open: new Set(), count };
  forms.set(key, state);
  // On a slow line people type before this script is there.
  for (const name of new Set(controls(form).map((each) => each.name))) {
    if (!same(said(form, name), said(form, name, true))) keepTyped(state, controls(form, name)[0]);
  }
  return state;
}

async function look(within) {
  const fresh = [...within.querySelectorAll("form[method=post]")].map(found).filter(Boolean);
  for (const state of forms.values()) if (!fresh.includes(state) && Object.keys(state.fields).length) restore(state);
  if (!fresh.length) return;
  const here = new Map(fresh.map((state) => [state.key, copiesHere(state.key)]));
  let there = {};
  try {
    const answer = await fetch(`${told.drafts}?k=${fresh.map((state) => state.key)}`, { cache: "no-store", redirect: "manual" });
    if (answer.ok) there = await answer.json();
  } catch { /* what this browser has is put back */ }
  for (const state of fresh) {
    const copies = here.get(state.key), portals = there[state.key], [, last] = copies.at(-1) ?? [];
    if (!last && !portals) continue;
    const all = copies.reduce((earlier, [, copy]) => joined(earlier, copy), portals?.fields ?? {});
    state.found = [...new Set([portals?.fields ?? {}, ...copies.map(([, copy]) => copy.fields)].flatMap((fields) => Object.values(fields).flatMap(textsOf).map(({ w }) => w)).filter(Boolean))];
    for (const [name, field] of Object.entries(all)) {
      const now = state.fields[name]; // typed while the draft was on its way: it stands, the draft's text beside it
      if (!now) state.fields[name] = field;
      else now.o = [...(now.o ?? []), ...textsOf(field).filter((text) => !same(text.t, now.t))];
    }
    state.stamp = portals?.stamp ?? "";
    state.at = last?.at;
    state.place = portals?.place || last?.place || told.place;
    restore(state);
    if (!last) continue;
    state.count = ++count;
    storeHere(state);
    if (copyAt(hereName(state))) for (const [name] of copies) localStorage.removeItem(name); // what they said is this page's now
    save(state);
  }
}

// Which forms were taken says a cookie, whatever page came after them.
function forgetTaken() {
  const key = document.cookie.match(/(?:^|; )draft_taken=([0-9a-z]+)/)?.[1];
  if (!key) return;
  document.cookie = "draft_taken=; Max-Age=0; Path=/; SameSite=Lax";
  for (const [name, copy] of copiesHere(key)) {
    if (!copy.sent) continue; // another tab's
    localStorage.removeItem(name);
    // A save was on its way beside the form.
    if (copy.sent > 1) send(letter({ ...copy, key, fields: only(copy.fields, copy.left ?? []) })).catch(() => {});
  }
}

// Copies of forms that are not on this page go to the portal, so that the list of drafts knows them.
async function handOver() {
  for (const [name, copy] of copiesHere()) {
    const key = keyIn(name);
    if (copy.refused || forms.has(key)) continue;
    try {
      const { ok, status, type } = await send(letter({ ...copy, key }));
      if (ok) localStorage.removeItem(name);
      else if (type === "opaqueredirect" || status === 401 || status >= 500) return; // another time
      else localStorage.setItem(name, JSON.stringify({ ...copy, refused: 1 })); // too large, or no page of theirs by now: it stays here
    } catch { return; }
  }
}

const unsaved = () => [...forms.values()].filter((state) => !state.isSent && copyAt(hereName(state)));

document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-forgets-drafts]")) return leave(event);
  const state = [...forms.values()].find((each) => each.form === form);
  if (!state) return undefined;
  if (!navigator.onLine && !form.matches("[hx-post]")) return wait(event, state);
  for (const [name, value] of [["draft", state.key], ["draft_left", JSON.stringify(homeless(state))], ["draft_known", JSON.stringify(known(state))]]) {
    const input = form.querySelector(`:scope > input[name=${name}]`) ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    input.value = value;
  }
  clearTimeout(state.timer);
  const [, prefix, place] = (event.submitter?.name === "act" && event.submitter.value.match(/^remove-(.+)-(\d+)$/)) || [];
  if (prefix) state.fields = withoutRow(state.fields, prefix, Number(place));
  if (prefix || Object.keys(state.fields).length) storeHere(state, state.saving ? 2 : 1);
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
  note(state, told.waits);
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

// A row that goes takes its words along; those behind it move up, as the portal moves them (core/formset_rows.py).
function withoutRow(fields, prefix, place) {
  const row = new RegExp(`^${prefix.replace(/[^\w-]/g, "\\$&")}-(\\d+)-(.+)$`);
  return Object.fromEntries(Object.entries(fields).flatMap(([name, field]) => {
    const [, number, rest] = name.match(row) ?? [];
    if (number === undefined || Number(number) < place) return [[name, field]];
    return Number(number) === place ? [] : [[`${prefix}-${Number(number) - 1}-${rest}`, field]];
  }));
}

// -- signing out ----------------------------------------------------------------------------------------------------
// What the portal has not got yet lies in this browser: forms by their drafts, the cells of a sheet by its month.
function waiting() {
  const left = [];
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(STORE)) left.push({ name, title: copyAt(name)?.title ?? "", page: copyAt(name)?.page ?? "/" });
      if (name.startsWith(SHEET)) left.push({ name, ...sheet(name.split(":").at(-1)) });
    }
  } catch { /* no store */ }
  return left;
}

function sheet(period) {
  const [year, part] = period.split("-");
  const month = new Intl.DateTimeFormat("id", { month: "long", timeZone: "UTC" });
  const inWords = /^\d+$/.test(part) ? `${month.format(new Date(`${period}-01`))} ${year}` : `${told.quarter} ${part.slice(1)} ${year}`;
  return { title: `${told.sheet} ${inWords}`, page: `/isian/${period}/` };
}

// Signing out waits for what is still on its way. What the portal has got leaves this browser; for what it hasn't got
// the person is asked. What somebody else's session left behind here when it ended is theirs: it waits for them.
async function leave(event) {
  event.preventDefault();
  event.stopPropagation();
  const sent = { saves: [...unsaved().map((state) => save(state)), handOver()] };
  document.dispatchEvent(new CustomEvent("portal:leaving", { detail: sent })); // a sheet sends its cells
  await Promise.race([Promise.all(sent.saves), new Promise((done) => { setTimeout(done, 3000); })]);
  const left = waiting(), form = event.target;
  const go = () => HTMLFormElement.prototype.submit.call(form);
  if (!left.length) { go(); return; }
  const question = box("alert-warning", element("p", "mb-1", told.left), element("ul", "mb-2", ...left.map(({ title }) => element("li", "", title))),
    button(told.leaveKept, go), " ",
    button(told.leaveGone, () => { for (const { name } of left) localStorage.removeItem(name); go(); }), " ",
    button(told.stay, () => question.remove()));
  question.setAttribute("role", "alertdialog");
  question.setAttribute("aria-label", told.left);
  document.getElementById("notices").replaceChildren(question);
  question.querySelector("button").focus();
}

// On a person's first page: the sheets with cells that only this browser has.
function listSheets() {
  const list = document.querySelector("[data-waiting-sheets]");
  const sheets = list ? waiting().filter(({ name }) => name.startsWith(SHEET)) : [];
  if (!sheets.length) return;
  list.querySelector(".card-body").append(element("ul", "", ...sheets.map(({ title, page }) => {
    const link = element("a", "fw-medium", title);
    link.href = page;
    return element("li", "", link);
  })));
  list.hidden = false;
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
listSheets();
look(document).then(handOver);
