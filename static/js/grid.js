// The grid saves itself: it holds on to what was typed while the line is down, and the server decides on every cell;
// nothing is overwritten unseen. How the cells are moved through and filled is `sheet.js`'s.
const SAVE_AFTER = 900;
const RETRY_AFTER = 5000;
const MOST_AT_ONCE = 400;
const TOO_MUCH = 413;
const FAILED = 500; // the server failed at one of the cells; above it, server or database are away for a while

const FIELDS = "input, textarea";

class Grid {
  constructor(form) {
    this.form = form;
    this.texts = form.dataset;
    this.status = form.querySelector("[data-grid-status]");
    this.inputs = form.sheet.fields;
    this.base = new Map([...this.inputs].map(([name, input]) => [name, input.defaultValue]));
    this.pending = new Map(); // name → text, not yet confirmed by the server
    this.refused = new Map(); // name → text that the server does not take: kept until it is changed
    this.problems = new Map(); // name → { why, was: how the cell was marked before }, of what was refused or failed
    this.own = new Map(); // name → the last text that this tab has put into the store, which all tabs of the month share
    this.settled = new Map(); // name → texts of other tabs that were looked at and decided about
    this.disputed = new Map(); // name → text, where somebody else entered another one: kept until one is chosen
    this.at = ""; // when the server last took cells
    this.timer = null;
    this.saving = null; // the sending that goes on
    this.most = MOST_AT_ONCE;
    this.failed = new Set(); // cells at which the server failed: kept here, sent again once they are edited
    this.describe();
    this.restore();
    form.addEventListener("input", (event) => this.typed(event.target));
    form.addEventListener("change", () => this.save());
    form.addEventListener("sheet:changed", (event) => this.changed(event.detail));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter?.hasAttribute("data-grid-send")) this.sendAll(); else this.save();
    });
    document.addEventListener("portal:leaving", (event) => event.detail.saves.push(this.saveAll()));
    window.addEventListener("online", () => this.save());
    window.addEventListener("beforeunload", (event) => { if (this.pending.size && !this.stored()) event.preventDefault(); });
  }

  // Remarks of a row belong to its fields; written here, they need not travel with the page.
  describe() {
    for (const row of this.form.querySelectorAll("tr[data-row]")) {
      const notes = row.querySelector(".grid-findings");
      notes.id = `f-${row.dataset.row}`;
      for (const input of row.querySelectorAll(FIELDS)) input.setAttribute("aria-describedby", notes.id);
    }
  }

  // What was typed before the page was closed or the line dropped comes back and is sent.
  restore() {
    let count = 0;
    const homeless = [];
    for (const [name, cell] of Object.entries(this.kept())) {
      const input = this.inputs.get(name);
      if (!input) homeless.push([name, cell]);
      else this.own.set(name, cell.text);
      if (!input) continue;
      if (input.value !== cell.text) {
        input.value = cell.text;
        this.base.set(name, cell.base);
        this.pending.set(name, cell.text);
        count += 1;
      }
      const [other] = (cell.others ?? []).filter((text) => text !== cell.text);
      if (other !== undefined) this.conflict(input, { name, text: other, by: this.texts.textOther, isOfTab: true }, cell.text);
    }
    if (homeless.length) this.showHomeless(homeless);
    if (count) { this.say(this.texts.textKept); this.save(); } else { this.store(); this.sayStanding(); }
  }

  kept() {
    try { return JSON.parse(localStorage.getItem(this.texts.key) || "{}"); } catch { return {}; } // a broken store is an empty one
  }

  // What was typed into cells that can no longer be filled in: the report was sent meanwhile. It is shown until it is discarded.
  showHomeless(cells) {
    const box = document.createElement("div");
    box.className = "alert alert-warning d-block";
    box.setAttribute("role", "status");
    const lines = document.createElement("ul");
    for (const [, cell] of cells) {
      const line = document.createElement("li");
      line.textContent = `${cell.label || ""}: ${cell.text}`;
      lines.append(line);
    }
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "btn btn-sm";
    discard.textContent = this.texts.textDiscard;
    discard.addEventListener("click", () => {
      for (const [name, cell] of cells) this.settled.set(name, [cell.text, ...(cell.others ?? [])]);
      this.store();
      box.remove();
    });
    box.append(this.texts.textHomeless, lines, discard);
    this.form.before(box);
  }

  store() {
    const kept = this.kept(); // other tabs' cells stay, and what they have in a cell of this one stands beside it
    const waiting = new Map([...this.refused, ...this.disputed, ...this.pending]);
    for (const name of new Set([...this.own.keys(), ...this.settled.keys(), ...waiting.keys()])) {
      const there = kept[name];
      const known = [this.own.get(name), waiting.get(name), ...(this.settled.get(name) ?? [])];
      const others = there ? [there.text, ...(there.others ?? [])].filter((text) => !known.includes(text)) : [];
      if (waiting.has(name)) {
        kept[name] = { text: waiting.get(name), base: this.base.get(name), label: this.form.sheet.nameOf(this.inputs.get(name)), others };
        this.own.set(name, waiting.get(name));
      } else if (others.length) kept[name] = { ...there, text: others[0], others: others.slice(1) };
      else delete kept[name];
    }
    try {
      if (Object.keys(kept).length) localStorage.setItem(this.texts.key, JSON.stringify(kept));
      else localStorage.removeItem(this.texts.key);
      this.isStored = true;
    } catch { this.isStored = false; } // a full or forbidden store: then leaving the page asks
  }

  stored() { return this.isStored; }

  typed(input) {
    if (!this.inputs.has(input.name)) return;
    this.note(input);
    this.store();
    this.sayIfQuiet();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  // Many cells at once: pasted, filled, cleared, taken back.
  changed(inputs) {
    for (const input of inputs) this.note(input);
    this.store();
    this.sayIfQuiet();
    this.save();
  }

  note(input) {
    // While something is under way, a cell that is back at its old text may have to take back what was just sent.
    if (input.value === this.base.get(input.name) && !this.saving) this.pending.delete(input.name);
    else this.pending.set(input.name, input.value);
    this.failed.delete(input.name);
    this.refused.delete(input.name);
    this.takeMarkAway(input);
  }

  // Settles when nothing more can be sent just now.
  save() {
    clearTimeout(this.timer);
    if (this.saving) return this.saving;
    const batch = [...this.pending].filter(([name]) => !this.failed.has(name)).slice(0, this.most);
    if (!batch.length) return Promise.resolve();
    this.saving = this.sendBatch(batch).then((more) => {
      this.saving = null;
      return more ? this.save() : undefined;
    });
    return this.saving;
  }

  // Whether more is waiting that can be sent.
  async sendBatch(batch) {
    this.say(this.texts.textSaving);
    try {
      const response = await fetch(this.texts.saveUrl, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value },
        body: JSON.stringify({ cells: batch.map(([name, text]) => ({ name, text, base: this.base.get(name) })) }),
      });
      if (response.redirected || response.status === 403 || response.status === 401) {
        this.say(this.texts.textSignedOut, true);
        await this.renewToken();
        this.timer = setTimeout(() => this.save(), RETRY_AFTER);
      } else if (response.ok) {
        this.most = MOST_AT_ONCE;
        return this.confirm(new Map(batch), await response.json());
      } else if (response.status === FAILED || response.status === TOO_MUCH) {
        return this.isolate(batch, (await response.json().catch(() => ({}))).problem);
      } else if (response.status > FAILED) {
        this.say(`${this.texts.textFailed} ${this.pending.size}`, true);
        this.timer = setTimeout(() => this.save(), RETRY_AFTER);
      } else {
        this.say((await response.json().catch(() => ({}))).problem ?? this.texts.textRefused, true);
      }
    } catch {
      this.say(`${this.texts.textOffline} ${this.pending.size}`, true);
      this.timer = setTimeout(() => this.save(), RETRY_AFTER);
    }
    return false;
  }

  // Whoever signs in again in another tab has another token by then.
  async renewToken() {
    const answer = await fetch(document.body.dataset.tokenUrl, { cache: "no-store" });
    if (answer.ok) this.form.elements.csrfmiddlewaretoken.value = (await answer.json()).token;
  }

  // Smaller batches save the other cells; the one that is left alone is marked and holds up nobody.
  isolate(batch, problem = this.texts.textRefused) {
    this.most = Math.max(1, Math.floor(batch.length / 2));
    if (batch.length > 1) return true;
    const [[name]] = batch;
    const input = this.inputs.get(name);
    this.mark(input, problem);
    this.failed.add(name);
    this.most = MOST_AT_ONCE;
    this.say(this.texts.textRefused, true);
    return this.pending.size > this.failed.size;
  }

  confirm(sent, answer) {
    this.at = answer.at;
    for (const cell of answer.cells) {
      const input = this.inputs.get(cell.name);
      if (!input) continue;
      input.closest("td").querySelector(".grid-conflict")?.remove();
      if (cell.state === "conflict") { this.conflict(input, cell, sent.get(cell.name)); continue; }
      if (cell.state === "refused") { this.refuse(input, cell, sent.get(cell.name)); continue; }
      this.base.set(cell.name, cell.text);
      if (input.value === sent.get(cell.name)) {
        this.pending.delete(cell.name);
        if (document.activeElement !== input) input.value = cell.text;
      } else {
        this.pending.set(cell.name, input.value);
      }
      input.toggleAttribute("data-saved", cell.state === "saved");
      if (cell.state === "kept") input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    for (const [key, row] of Object.entries(answer.rows)) this.show(key, row);
    for (const name of this.problems.keys()) this.sayProblems(this.inputs.get(name));
    for (const [pk, version] of Object.entries(answer.versions)) {
      const field = this.form.elements[`version-${pk}`];
      if (field) field.value = version;
    }
    this.store();
    this.form.sheet.sums();
    this.sayStanding();
    return [...this.pending].some(([name, text]) => !this.failed.has(name) && (!sent.has(name) || sent.get(name) !== text));
  }

  refuse(input, cell, text) {
    if (this.pending.get(cell.name) !== text) return; // typed on meanwhile: that is sent, and answered, next
    this.pending.delete(cell.name);
    this.refused.set(cell.name, text);
    this.mark(input, cell.problem);
  }

  mark(input, why) {
    this.problems.set(input.name, { why, was: input.getAttribute("aria-invalid") === "true" });
    input.setAttribute("aria-invalid", "true");
    this.sayProblems(input);
  }

  takeMarkAway(input) {
    const problem = this.problems.get(input.name);
    if (!problem) return;
    this.problems.delete(input.name);
    if (!problem.was) input.removeAttribute("aria-invalid");
    this.sayProblems(input);
  }

  // In the row of a cell what the server did not take of it, beside what the server says of the row.
  sayProblems(input) {
    const row = input.closest("tr");
    const notes = row.querySelector(".grid-findings");
    for (const note of notes.querySelectorAll("[data-problem]")) note.remove();
    for (const each of row.querySelectorAll(FIELDS)) {
      const problem = this.problems.get(each.name);
      if (problem) notes.append(remark("error", `${each.getAttribute("aria-label")}: ${problem.why}`, true));
    }
  }

  show(key, row) {
    const line = this.form.querySelector(`tr[data-row="${key}"]`);
    if (!line) return;
    line.querySelector(".grid-findings").replaceChildren(...row.findings.map((finding) => remark(finding.severity, finding.text)));
    if (row.verdict !== undefined) {
      const chip = document.createElement("span");
      chip.className = `state state-${row.tone}`;
      chip.textContent = row.verdict;
      line.querySelector(".grid-verdict").replaceChildren(...(row.verdict ? [chip] : []));
    }
    if (row.value !== undefined) {
      const cell = line.querySelector(`[data-cell="${key}-value"]`);
      if (cell) cell.textContent = row.value;
    }
  }

  // Somebody else filled the cell in between, or the same person in another tab: both are shown, one is chosen.
  conflict(input, cell, mine) {
    this.pending.delete(cell.name);
    this.disputed.set(cell.name, mine);
    const box = document.createElement("div");
    box.className = "grid-conflict";
    box.setAttribute("role", "alert");
    const text = document.createElement("span");
    text.textContent = cell.isOfTab ? `${cell.by} ${cell.text || "–"}` : `${cell.by} ${this.texts.textConflict} ${cell.text || "–"} (${cell.at})`;
    const theirs = document.createElement("button");
    const own = document.createElement("button");
    for (const [button, label] of [[theirs, this.texts.textTheirs], [own, this.texts.textMine]]) {
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = label;
    }
    const settle = (value) => {
      if (cell.isOfTab) this.settled.set(cell.name, [cell.text, mine]);
      else this.base.set(cell.name, cell.text);
      this.disputed.delete(cell.name);
      input.value = value;
      box.remove();
      this.changed([input]);
      this.form.sheet.sums();
      input.focus();
    };
    theirs.addEventListener("click", () => settle(cell.text));
    own.addEventListener("click", () => settle(mine));
    box.append(text, theirs, own);
    input.closest("td").append(box);
  }

  async sendAll() {
    await this.saveAll();
    if (this.disputed.size) this.say(this.texts.textUndecided, true);
    else if (this.pending.size) this.say(`${this.texts.textUnsent} ${this.pending.size}`, true);
    else HTMLFormElement.prototype.submit.call(document.getElementById("send-period"));
  }

  // Until nothing waits any more, or what waits cannot be saved now.
  async saveAll() {
    for (let left = Infinity; this.pending.size > this.failed.size;) {
      await this.save();
      if (this.pending.size >= left) return;
      left = this.pending.size;
    }
  }

  // "Saved" only where nothing is refused and no choice is open, in this batch or from an earlier one.
  sayStanding() {
    if (this.refused.size || this.failed.size) this.say(this.texts.textRefused, true);
    else if (this.disputed.size) this.say(`${this.texts.textChoice} ${this.disputed.size}`, true);
    else this.say(this.at ? `${this.texts.textSaved} ${this.at}` : "");
  }

  // A cell that is back at what the server has needs no sending, and no answer comes to say how things stand.
  sayIfQuiet() {
    if (!this.pending.size && !this.saving) this.sayStanding();
  }

  say(text, isProblem = false) {
    if (!this.status) return;
    this.status.textContent = text;
    this.status.classList.toggle("is-problem", isProblem);
  }
}

function remark(severity, text, isProblem = false) {
  const note = document.createElement("span");
  note.className = `finding finding-${severity}`;
  note.textContent = text;
  note.toggleAttribute("data-problem", isProblem);
  return note;
}

for (const form of document.querySelectorAll("form[data-grid]")) new Grid(form);
