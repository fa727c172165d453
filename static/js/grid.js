// The grid: a form that works without this file, made quick. Keys, pasting, taking back, saving by itself, holding on
// to what was typed while the line is down. The server decides on every cell; nothing is overwritten unseen.
const SAVE_AFTER = 900;
const RETRY_AFTER = 5000;
const MOST_AT_ONCE = 400;
const FAILED = 500; // the server failed at one of the cells; above it, server or database are away for a while

class Grid {
  constructor(form) {
    this.form = form;
    this.texts = form.dataset;
    this.status = form.querySelector("[data-grid-status]");
    this.inputs = new Map([...form.querySelectorAll(".grid-table input")].map((input) => [input.name, input]));
    this.base = new Map([...this.inputs].map(([name, input]) => [name, input.defaultValue]));
    this.pending = new Map(); // name → text, not yet confirmed by the server
    this.undo = [];
    this.before = null;
    this.timer = null;
    this.sending = false;
    this.most = MOST_AT_ONCE;
    this.failed = new Set(); // cells at which the server failed: kept here, sent again once they are edited
    this.describe();
    this.restore();
    form.addEventListener("input", (event) => this.typed(event.target));
    form.addEventListener("change", () => this.save());
    form.addEventListener("focusin", (event) => this.entered(event.target));
    form.addEventListener("focusout", (event) => this.left(event.target));
    form.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("paste", (event) => this.paste(event));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
    document.getElementById("send-period")?.addEventListener("submit", (event) => this.sendAll(event));
    window.addEventListener("online", () => this.save());
    window.addEventListener("beforeunload", (event) => { if (this.pending.size && !this.stored()) event.preventDefault(); });
    this.sums();
  }

  // Remarks of a row belong to its fields; written here, they need not travel with the page.
  describe() {
    for (const row of this.form.querySelectorAll("tr[data-row]")) {
      const notes = row.querySelector(".grid-findings");
      notes.id = `f-${row.dataset.row}`;
      for (const input of row.querySelectorAll("input")) input.setAttribute("aria-describedby", notes.id);
    }
  }

  // What was typed before the page was closed or the line dropped comes back and is sent.
  restore() {
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(this.texts.key) || "{}"); } catch { /* a broken store is an empty one */ }
    let count = 0;
    for (const [name, cell] of Object.entries(kept)) {
      const input = this.inputs.get(name);
      if (!input || input.value === cell.text) continue;
      input.value = cell.text;
      this.base.set(name, cell.base);
      this.pending.set(name, cell.text);
      count += 1;
    }
    if (count) { this.say(this.texts.textKept); this.save(); } else { this.store(); }
  }

  store() {
    const kept = {};
    for (const [name, text] of this.pending) kept[name] = { text, base: this.base.get(name) };
    try {
      if (this.pending.size) localStorage.setItem(this.texts.key, JSON.stringify(kept));
      else localStorage.removeItem(this.texts.key);
      this.isStored = true;
    } catch { this.isStored = false; } // a full or forbidden store: then leaving the page asks
  }

  stored() { return this.isStored; }

  typed(input) {
    if (!this.inputs.has(input.name)) return;
    this.note(input);
    this.sums();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  note(input) {
    if (input.value === this.base.get(input.name)) this.pending.delete(input.name);
    else this.pending.set(input.name, input.value);
    this.failed.delete(input.name);
    this.store();
  }

  entered(input) { if (this.inputs.has(input.name)) this.before = { name: input.name, text: input.value }; }

  left(input) {
    if (this.before && this.before.name === input.name && this.before.text !== input.value) {
      this.undo.push([{ name: input.name, text: this.before.text }]);
    }
    this.before = null;
  }

  place(input) {
    const row = input.closest("tr");
    const rows = [...input.closest("table").querySelectorAll("tr[data-row]")];
    const cells = [...row.querySelectorAll("td:not(.last)")];
    return { rows, row: rows.indexOf(row), column: cells.indexOf(input.closest("td")) };
  }

  cellAt(rows, row, column) {
    return rows[row]?.querySelectorAll("td:not(.last)")[column]?.querySelector("input") ?? null;
  }

  go(input, down, right) {
    const { rows, row, column } = this.place(input);
    let at = row + down;
    let across = column + right;
    while (rows[at]) {
      const cells = rows[at].querySelectorAll("td:not(.last)").length;
      if (across < 0 || across >= cells) return;
      const next = this.cellAt(rows, at, across);
      if (next) { next.focus(); next.select(); return; }
      at += down;
      across += right;
    }
  }

  key(event) {
    const input = event.target;
    if (!this.inputs.has(input.name) || event.altKey || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey) {
      const untouched = !this.before || this.before.text === input.value;
      if (untouched && this.undo.length) { event.preventDefault(); this.takeBack(); }
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    const all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const atStart = input.selectionStart === 0 && (input.selectionEnd === 0 || all);
    const atEnd = input.selectionEnd === input.value.length && (input.selectionStart === input.selectionEnd || all);
    const moves = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0],
      ArrowLeft: atStart ? [0, -1] : null, ArrowRight: atEnd ? [0, 1] : null,
    };
    const move = moves[event.key];
    if (event.key === "Escape" && this.before) { input.value = this.before.text; this.typed(input); return; }
    if (!move) return;
    event.preventDefault();
    this.go(input, ...move);
  }

  paste(event) {
    const start = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!this.inputs.has(start.name) || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    const block = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
    const { rows, row, column } = this.place(start);
    const changed = [];
    let outside = 0;
    block.forEach((line, down) => line.forEach((value, right) => {
      const input = this.cellAt(rows, row + down, column + right);
      if (!input) { outside += value.trim() ? 1 : 0; return; }
      if (input.value === value.trim()) return;
      changed.push({ name: input.name, text: input.value });
      input.value = value.trim();
      this.note(input);
    }));
    if (changed.length) this.undo.push(changed);
    this.before = { name: start.name, text: start.value };
    this.sums();
    this.save();
    if (outside) this.remark(`${this.texts.textOutside} ${outside}`);
  }

  takeBack() {
    for (const cell of this.undo.pop()) {
      const input = this.inputs.get(cell.name);
      input.value = cell.text;
      this.note(input);
      if (this.before?.name === cell.name) this.before.text = cell.text;
    }
    this.sums();
    this.save();
  }

  async save() {
    clearTimeout(this.timer);
    const batch = [...this.pending].filter(([name]) => !this.failed.has(name)).slice(0, this.most);
    if (this.sending || !batch.length) return;
    this.sending = true;
    this.say(this.texts.textSaving);
    let more = false;
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
        more = this.confirm(new Map(batch), await response.json());
      } else if (response.status === FAILED) {
        more = this.isolate(batch);
      } else if (response.status > FAILED) {
        this.say(`${this.texts.textFailed} ${this.pending.size}`, true);
        this.timer = setTimeout(() => this.save(), RETRY_AFTER);
      } else {
        this.say((await response.json().catch(() => ({}))).problem ?? this.texts.textRefused, true);
      }
    } catch {
      this.say(`${this.texts.textOffline} ${this.pending.size}`, true);
      this.timer = setTimeout(() => this.save(), RETRY_AFTER);
    } finally {
      this.sending = false;
    }
    if (more) this.save();
  }

  // Whoever signs in again in another tab has another token by then.
  async renewToken() {
    const answer = await fetch(document.body.dataset.tokenUrl, { cache: "no-store" });
    if (answer.ok) this.form.elements.csrfmiddlewaretoken.value = (await answer.json()).token;
  }

  // Smaller batches save the other cells; the one that is left alone is marked and holds up nobody.
  isolate(batch) {
    this.most = Math.max(1, Math.floor(batch.length / 2));
    if (batch.length > 1) return true;
    const [[name]] = batch;
    const input = this.inputs.get(name);
    input.setAttribute("aria-invalid", "true");
    input.title = this.texts.textRefused;
    this.failed.add(name);
    this.most = MOST_AT_ONCE;
    this.say(this.texts.textRefused, true);
    return this.pending.size > this.failed.size;
  }

  confirm(sent, answer) {
    let refused = 0;
    for (const cell of answer.cells) {
      const input = this.inputs.get(cell.name);
      if (!input) continue;
      input.closest("td").querySelector(".grid-conflict")?.remove();
      if (cell.state === "conflict") { this.conflict(input, cell, sent.get(cell.name)); continue; }
      if (cell.state === "refused") { refused += 1; input.setAttribute("aria-invalid", "true"); input.title = cell.problem; this.pending.delete(cell.name); continue; }
      this.base.set(cell.name, cell.text);
      if (input.value === sent.get(cell.name)) {
        this.pending.delete(cell.name);
        if (document.activeElement !== input) input.value = cell.text;
      }
      input.toggleAttribute("data-saved", cell.state === "saved");
      if (cell.state === "kept") input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    for (const [key, row] of Object.entries(answer.rows)) this.show(key, row);
    for (const [pk, version] of Object.entries(answer.versions)) {
      const field = this.form.elements[`version-${pk}`];
      if (field) field.value = version;
    }
    this.store();
    this.sums();
    refused += this.failed.size;
    this.say(refused ? this.texts.textRefused : `${this.texts.textSaved} ${answer.at}`, refused > 0);
    return [...this.pending].some(([name, text]) => !this.failed.has(name) && (!sent.has(name) || sent.get(name) !== text));
  }

  show(key, row) {
    const line = this.form.querySelector(`tr[data-row="${key}"]`);
    if (!line) return;
    line.querySelector(".grid-findings").replaceChildren(...row.findings.map((finding) => {
      const note = document.createElement("span");
      note.className = `finding finding-${finding.severity}`;
      note.textContent = finding.text;
      return note;
    }));
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

  // Somebody else filled the cell in between: both are shown, one is chosen.
  conflict(input, cell, mine) {
    this.pending.delete(cell.name);
    const box = document.createElement("div");
    box.className = "grid-conflict";
    box.setAttribute("role", "alert");
    const text = document.createElement("span");
    text.textContent = `${cell.by} ${this.texts.textConflict} ${cell.text || "–"} (${cell.at})`;
    const theirs = document.createElement("button");
    const own = document.createElement("button");
    for (const [button, label] of [[theirs, this.texts.textTheirs], [own, this.texts.textMine]]) {
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = label;
    }
    const settle = (value) => {
      this.base.set(cell.name, cell.text);
      input.value = value;
      box.remove();
      this.note(input);
      this.sums();
      this.save();
      input.focus();
    };
    theirs.addEventListener("click", () => settle(cell.text));
    own.addEventListener("click", () => settle(mine));
    box.append(text, theirs, own);
    input.closest("td").append(box);
  }

  async sendAll(event) {
    if (!this.pending.size) return;
    event.preventDefault();
    await this.save();
    if (!this.pending.size) event.target.submit();
  }

  // The sums below stand in the columns that they add up.
  sums() {
    for (const output of this.form.querySelectorAll("[data-total]")) {
      const column = Number(output.dataset.column);
      let total = 0;
      for (const row of output.closest("table").querySelectorAll("tr[data-row]")) {
        const cell = row.querySelectorAll("td:not(.last)")[column]?.querySelector("input, span");
        total += figure(cell?.value ?? cell?.textContent ?? "");
      }
      output.textContent = total.toLocaleString("id-ID", { maximumFractionDigits: 2 });
    }
  }

  // A remark that the next "saved" must not wipe away.
  remark(text) {
    const box = this.form.querySelector("[data-grid-note]");
    if (box) { box.textContent = text; box.hidden = false; }
  }

  say(text, isProblem = false) {
    if (!this.status) return;
    this.status.textContent = text;
    this.status.classList.toggle("is-problem", isProblem);
  }
}

// As people write figures here: 1.234.567,89; a point before one or two last digits is a decimal point.
function figure(text) {
  let plain = text.trim().replace(/^rp\.?\s*/i, "").replace(/\s/g, "");
  if (/,\d*$/.test(plain)) plain = plain.replaceAll(".", "").replace(",", ".");
  else if (!/^-?\d+\.\d{1,2}$/.test(plain)) plain = plain.replaceAll(".", "");
  const number = Number(plain);
  return Number.isFinite(number) ? number : 0;
}

for (const form of document.querySelectorAll("form[data-grid]")) new Grid(form);
