// Tables of fields that answer to keys, mouse and clipboard as a spreadsheet does: a click selects, typing replaces, F2 or
// a double click edits; ranges, copying out and in, filling, taking back and doing again. Without this file they are a form.
const CELL = "td:not(.last)";
const FIELD = "input:not([type=hidden]), textarea";
const FIGURE_CHARACTERS = /^[\d\s.,+\-−()'’%]*$/u;
const MOST_KEPT = 200; // steps to take back

export class Sheet {
  constructor(form) {
    this.form = form;
    this.texts = form.dataset;
    this.fields = new Map([...form.querySelectorAll(`.grid-table :is(${FIELD})`)].map((field) => [field.name, field]));
    this.done = []; // each a list of { name, before, after }
    this.undone = [];
    this.mode = "ready"; // "typing" replaced the cell's text, "editing" has the caret inside it
    this.anchor = null; // { table, row, column }: where a range began; `head`: where it ends
    this.head = null;
    this.inRange = new Set();
    this.isPressed = false;
    this.isTouch = false;
    this.entry = null; // the text of the cell when it was entered
    form.addEventListener("pointerdown", (event) => { this.isTouch = event.pointerType === "touch"; });
    form.addEventListener("mousedown", (event) => this.pressed(event));
    form.addEventListener("mouseover", (event) => this.dragged(event));
    window.addEventListener("mouseup", () => { this.isPressed = false; });
    form.addEventListener("dblclick", (event) => { if (this.holds(event.target)) this.edit(event.target); });
    form.addEventListener("focusin", (event) => { if (this.holds(event.target)) this.entered(event.target); });
    form.addEventListener("focusout", (event) => { if (this.holds(event.target)) this.keepTyped(event.target); });
    form.addEventListener("input", (event) => this.typed(event));
    form.addEventListener("keydown", (event) => { if (this.holds(event.target)) this.key(event); });
    form.addEventListener("copy", (event) => this.copy(event, false));
    form.addEventListener("cut", (event) => this.copy(event, true));
    form.addEventListener("paste", (event) => this.paste(event));
    form.querySelector("[data-sheet-fill]")?.addEventListener("click", () => this.fillDown());
    form.querySelector("[data-sheet-before]")?.addEventListener("click", () => this.asBefore());
    form.querySelector("[data-sheet-undo]")?.addEventListener("click", () => this.takeBack());
    form.querySelector("[data-sheet-redo]")?.addEventListener("click", () => this.doAgain());
    this.help = document.querySelector("dialog[data-sheet-help]");
    this.help?.querySelector("[data-sheet-close]").addEventListener("click", () => this.help.close());
    document.querySelector("[data-sheet-keys]")?.addEventListener("click", () => this.help.showModal());
    document.addEventListener("keydown", (event) => {
      if (event.key === "?" && !event.target.closest("input, textarea, select, dialog")) this.help?.showModal();
    });
    this.sums();
    this.buttons();
  }

  holds(field) { return this.fields.get(field?.name) === field && field !== undefined; }

  // Where things stand ---------------------------------------------------------------------------------------------

  rows(table) { return [...table.querySelectorAll("tr[data-row]")]; }

  place(field) {
    const table = field.closest("table");
    const row = field.closest("tr");
    return { table, row: this.rows(table).indexOf(row), column: [...row.querySelectorAll(CELL)].indexOf(field.closest("td")) };
  }

  cellAt(rows, row, column) { return rows[row]?.querySelectorAll(CELL)[column] ?? null; }

  fieldAt(rows, row, column) { return this.cellAt(rows, row, column)?.querySelector(FIELD) ?? null; }

  range() {
    if (!this.anchor) return null;
    const [top, bottom] = [this.anchor.row, this.head.row].sort((a, b) => a - b);
    const [left, right] = [this.anchor.column, this.head.column].sort((a, b) => a - b);
    return { table: this.anchor.table, top, bottom, left, right, isOne: top === bottom && left === right };
  }

  // The fields of the range, line by line; closed cells are null.
  inLines(range = this.range()) {
    const rows = this.rows(range.table);
    const lines = [];
    for (let row = range.top; row <= range.bottom; row += 1) {
      const line = [];
      for (let column = range.left; column <= range.right; column += 1) line.push(this.fieldAt(rows, row, column));
      lines.push(line);
    }
    return lines;
  }

  // Selecting ------------------------------------------------------------------------------------------------------

  entered(field) {
    this.entry = { name: field.name, text: field.value };
    this.mode = "ready";
    this.anchor = this.place(field);
    this.head = this.anchor;
    this.paint();
    if (!this.isTouch) field.select();
  }

  extend(place) {
    if (!this.anchor || place.table !== this.anchor.table || place.row < 0 || place.column < 0) return;
    this.head = place;
    this.paint();
  }

  paint() {
    for (const cell of this.inRange) cell.classList.remove("in-range");
    this.inRange.clear();
    const range = this.range();
    if (range && !range.isOne) {
      const rows = this.rows(range.table);
      for (let row = range.top; row <= range.bottom; row += 1) {
        for (let column = range.left; column <= range.right; column += 1) {
          const cell = this.cellAt(rows, row, column);
          if (cell) { cell.classList.add("in-range"); this.inRange.add(cell); }
        }
      }
    }
    this.tell(range);
  }

  // What is selected, and what it adds up to, as the last line of a spreadsheet says it.
  tell(range) {
    const box = this.form.querySelector("[data-sheet-range]");
    if (!box) return;
    if (!range || range.isOne) { box.textContent = ""; return; }
    const figures = [...this.inRange].filter((cell) => cell.classList.contains("num") && textOf(cell).trim());
    const size = `${range.bottom - range.top + 1} × ${range.right - range.left + 1} ${this.texts.textCells}`;
    box.textContent = figures.length ? `${size} · ${this.texts.textSum} ${inWords(added(figures))}` : size;
  }

  pressed(event) {
    const cell = event.target.closest(CELL);
    const field = cell?.querySelector(FIELD);
    if (event.button !== 0 || !field || !this.holds(field) || event.target.closest("button, a")) return;
    const isHere = document.activeElement === field;
    if (event.shiftKey && this.anchor) {
      event.preventDefault();
      this.extend(this.place(field));
      return;
    }
    if (isHere && (this.mode !== "ready" || this.isTouch)) return; // the caret goes where the pointer says
    event.preventDefault();
    this.isPressed = !this.isTouch;
    if (!isHere) field.focus();
    else this.entered(field);
  }

  dragged(event) {
    if (!this.isPressed || !(event.buttons & 1)) return;
    const field = event.target.closest(CELL)?.querySelector(FIELD);
    if (field && this.holds(field)) this.extend(this.place(field));
  }

  // Whatever writes into a field from a script has not begun to type.
  typed(event) {
    if (this.isWriting) return;
    if (event.isTrusted && this.mode === "ready" && this.holds(event.target)) this.mode = "typing";
    this.sums();
  }

  edit(field) {
    this.mode = "editing";
    field.setSelectionRange(field.value.length, field.value.length);
  }

  go(field, down, across) {
    const { table, row, column } = this.place(field);
    const rows = this.rows(table);
    let at = row + down;
    let beside = column + across;
    while (rows[at] && beside >= 0 && beside < rows[at].querySelectorAll(CELL).length) {
      const next = this.fieldAt(rows, at, beside);
      if (next?.checkVisibility()) { next.focus(); return; }
      at += down;
      beside += across;
    }
  }

  // Keys -----------------------------------------------------------------------------------------------------------

  key(event) {
    const field = event.target;
    if (event.isComposing) return;
    const isReady = this.mode === "ready";
    if (event.ctrlKey || event.metaKey) { this.command(event, isReady); return; }
    if (event.altKey) {
      if (event.key === "Enter" && field.tagName === "TEXTAREA") { event.preventDefault(); this.breakLine(field); }
      return;
    }
    if (event.key === "F2") { event.preventDefault(); this.edit(field); return; }
    if (event.key === "Escape") { this.escape(field); return; }
    if (event.key === "Delete" && isReady) { event.preventDefault(); this.clear(); return; }
    if (event.key === "Backspace" && isReady && !this.range().isOne) { event.preventDefault(); this.clear(); return; }
    const move = this.moveOf(event, field);
    if (!move) return;
    event.preventDefault();
    if (event.shiftKey && event.key !== "Enter") this.extend({ ...this.head, row: this.within(this.head.row + move[0]), column: this.head.column + move[1] });
    else this.go(field, ...move);
  }

  within(row) { return Math.min(row, this.rows(this.anchor.table).length - 1); }

  moveOf(event, field) {
    if (event.key === "Enter") return [event.shiftKey ? -1 : 1, 0];
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move || this.mode === "ready") return move ?? null;
    if (event.shiftKey) return null; // within a text, Shift and an arrow mark letters
    const isUpright = move[0] !== 0;
    if (this.mode === "editing") return isUpright && field.tagName !== "TEXTAREA" ? move : null;
    return move;
  }

  command(event, isReady) {
    const key = event.key.toLowerCase();
    if (key === "z" && isReady) { event.preventDefault(); if (event.shiftKey) this.doAgain(); else this.takeBack(); }
    if (key === "y" && isReady) { event.preventDefault(); this.doAgain(); }
    if (key === "d") { event.preventDefault(); this.fillDown(); }
    if (key === "a" && isReady) { event.preventDefault(); this.selectAll(); }
  }

  selectAll() {
    const { table } = this.anchor;
    const rows = this.rows(table);
    this.anchor = { table, row: 0, column: 0 };
    this.extend({ table, row: rows.length - 1, column: rows[0].querySelectorAll(CELL).length - 1 });
  }

  escape(field) {
    if (this.mode !== "ready" && this.entry && field.value !== this.entry.text) {
      field.value = this.entry.text;
      this.announce([field]);
    }
    this.entered(field);
    field.select();
  }

  breakLine(field) {
    field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
    this.mode = "editing";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Changing -------------------------------------------------------------------------------------------------------

  // What was typed into a cell is one step to take back.
  keepTyped(field) {
    if (this.entry?.name === field.name && this.entry.text !== field.value) {
      this.keep([{ name: field.name, before: this.entry.text, after: field.value }]);
    }
    this.entry = null;
  }

  keep(step) {
    this.done.push(step);
    if (this.done.length > MOST_KEPT) this.done.shift();
    this.undone = [];
    this.buttons();
  }

  // `wanted`: pairs of a field and its new text. One step to take back.
  change(wanted) {
    if (document.activeElement && this.holds(document.activeElement)) this.keepTyped(document.activeElement);
    const step = wanted.filter(([field, text]) => field.value !== text).map(([field, text]) => ({ name: field.name, before: field.value, after: text }));
    if (step.length) {
      this.keep(step);
      this.write(step, "after");
    }
    this.settle();
    return step.length;
  }

  write(step, which) {
    const fields = step.map((each) => this.fields.get(each.name)).filter(Boolean);
    for (const each of step) { const field = this.fields.get(each.name); if (field) field.value = each[which]; }
    this.announce(fields);
  }

  // The cell that has the focus is as if it had just been entered.
  settle() {
    const field = document.activeElement;
    if (!this.holds(field)) return;
    this.entry = { name: field.name, text: field.value };
    this.mode = "ready";
    field.select();
  }

  // A grid that saves itself takes all at once; other listeners, such as drafts, hear of each field.
  announce(fields) {
    this.isWriting = true;
    if (this.form.hasAttribute("data-grid")) this.form.dispatchEvent(new CustomEvent("sheet:changed", { detail: fields }));
    else for (const field of fields) field.dispatchEvent(new Event("input", { bubbles: true }));
    this.isWriting = false;
    this.sums();
  }

  takeBack() { this.move(this.done, this.undone, "before"); }

  doAgain() { this.move(this.undone, this.done, "after"); }

  move(from, to, which) {
    if (document.activeElement && this.holds(document.activeElement)) this.keepTyped(document.activeElement);
    const step = from.pop();
    if (step) {
      to.push(step);
      this.write(step, which);
    }
    this.settle();
    this.buttons();
  }

  buttons() {
    for (const [name, steps] of [["undo", this.done], ["redo", this.undone]]) {
      const button = this.form.querySelector(`[data-sheet-${name}]`);
      if (button) button.setAttribute("aria-disabled", String(!steps.length));
    }
  }

  clear() { this.change(this.inLines().flat().filter(Boolean).map((field) => [field, ""])); }

  // The first line of the range goes into those below it; of one cell, what stands above it comes down.
  fillDown() {
    const range = this.range();
    if (!range) return;
    const lines = range.top === range.bottom ? this.inLines({ ...range, top: Math.max(0, range.top - 1) }) : this.inLines();
    const [first, ...others] = lines;
    this.change(others.flatMap((line) => line.flatMap((field, column) => (field && first[column] ? [[field, first[column].value]] : []))));
  }

  // The selected cells as they stood in the earlier period; without a range, the empty ones of the table.
  async asBefore() {
    const answer = await fetch(this.texts.beforeUrl, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) { this.remark(this.texts.textBeforeFailed); return; }
    const { cells } = await answer.json();
    const range = this.range();
    const isChosen = range && !range.isOne;
    const fields = isChosen ? this.inLines().flat().filter(Boolean) : [...this.fields.values()].filter((field) => !field.value.trim());
    const filled = this.change(fields.filter((field) => cells[field.name]).map((field) => [field, cells[field.name]]));
    this.remark(`${this.texts.textBefore} ${filled}`);
  }

  // The clipboard --------------------------------------------------------------------------------------------------

  copy(event, isCut) {
    const range = this.range();
    if (!this.holds(event.target) || !range || (this.mode !== "ready" && range.isOne)) return;
    event.preventDefault();
    const rows = this.rows(range.table);
    const lines = [];
    for (let row = range.top; row <= range.bottom; row += 1) {
      const line = [];
      for (let column = range.left; column <= range.right; column += 1) line.push(quoted(textOf(this.cellAt(rows, row, column))));
      lines.push(line.join("\t"));
    }
    event.clipboardData.setData("text/plain", lines.join("\r\n"));
    if (isCut) this.clear();
  }

  paste(event) {
    const start = event.target;
    if (!this.holds(start) || this.mode === "editing") return;
    const block = parsed(event.clipboardData?.getData("text/plain") ?? "");
    const isOne = block.length === 1 && block[0].length === 1;
    if (!block.length || (isOne && this.mode !== "ready")) return;
    event.preventDefault();
    const range = this.range();
    const spread = isOne ? spreadOver(block, range) : tiled(block, range);
    // Laid out as the fields are, or as the sheet looks, with its closed columns between them: as fewer cells are wrong.
    const [asFields, asSeen] = [false, true].map((isSeen) => this.placed(spread, range, isSeen));
    const { wanted, words, outside, isSeen } = asSeen.wrong < asFields.wrong ? asSeen : asFields;
    this.change(wanted);
    const remarks = [];
    if (isSeen) remarks.push(this.texts.textSeen);
    if (words.length) remarks.push(`${this.texts.textWords} ${words.length} (${words.slice(0, 3).map((field) => this.nameOf(field)).join("; ")}${words.length > 3 ? "; …" : ""})`);
    if (outside) remarks.push(`${this.texts.textOutside} ${outside}`);
    if (remarks.length) this.remark(remarks.join(" "));
  }

  // A cell by the names of its row and its column.
  nameOf(field) {
    const row = field.closest("tr")?.querySelector("th")?.firstChild.textContent.trim();
    return [row, field.getAttribute("aria-label")].filter(Boolean).join(" · ");
  }

  // Where each text of a block would go, and how much of it would be in the wrong place.
  placed(spread, range, isSeen) {
    const rows = this.rows(range.table);
    const found = { isSeen, wanted: [], words: [], outside: 0, wrong: 0 };
    const from = isSeen ? seenCells(rows[range.top]).indexOf(this.cellAt(rows, range.top, range.left)) : range.left;
    spread.forEach((line, down) => line.forEach((text, right) => {
      const row = range.top + down;
      const cell = isSeen ? (rows[row] && seenCells(rows[row])[from + right]) : this.cellAt(rows, row, from + right);
      if (isSeen && cell?.matches(".last")) return; // closed: what stood there in the block is what stands here
      const field = cell?.querySelector(FIELD);
      const isOfFigures = isFigureText(text);
      if (!field) found.outside += text.trim() ? 1 : 0;
      else if (isFigure(field) && !isOfFigures) found.words.push(field);
      else found.wanted.push([field, fitting(field, text)]);
      found.wrong += field && text.trim() && isFigure(field) !== isOfFigures ? 1 : 0;
    }));
    found.wrong += found.outside;
    return found;
  }

  // Sums and remarks -----------------------------------------------------------------------------------------------

  // The sums below stand in the columns that they add up.
  sums() {
    for (const output of this.form.querySelectorAll("[data-total]")) {
      const column = Number(output.dataset.column);
      const cells = this.rows(output.closest("table")).map((row) => row.querySelectorAll(CELL)[column]);
      const unread = cells.filter(isUnread).length;
      output.textContent = inWords(added(cells)) + (unread ? ` · ${unread} ${this.texts.textUnread}` : "");
    }
    if (this.inRange.size) this.tell(this.range());
  }

  // A remark that the next "saved" must not wipe away.
  remark(text) {
    const box = this.form.querySelector("[data-grid-note]");
    if (box) { box.textContent = text; box.hidden = false; }
  }
}

const isFigure = (field) => field.inputMode === "decimal" || field.inputMode === "numeric";
const inWords = (number) => number.toLocaleString("id-ID", { maximumFractionDigits: 2 });

const seenCells = (row) => [...row.querySelectorAll("td")];
const isFigureText = (text) => FIGURE_CHARACTERS.test(text.trim().replace(/^rp\.?/i, ""));

// What was refused, or may be read in two ways, is no figure yet.
const isUnread = (cell) => cell?.querySelector(FIELD)?.getAttribute("aria-invalid") === "true";
const added = (cells) => cells.reduce((sum, cell) => sum + (isUnread(cell) ? 0 : figure(textOf(cell))), 0);

function textOf(cell) {
  const field = cell?.querySelector(FIELD);
  return field ? field.value : (cell?.querySelector("[data-cell]")?.textContent ?? "").trim();
}

// A field of one line holds one line.
function fitting(field, text) {
  const plain = text.trim();
  return field.tagName === "TEXTAREA" ? plain : plain.replace(/\s*[\r\n]+\s*/g, " ");
}

const spreadOver = (block, range) => Array.from({ length: range.bottom - range.top + 1 }, () => Array(range.right - range.left + 1).fill(block[0][0]));

// A block goes into a range as often as it fits in whole; else once.
function tiled(block, range) {
  const [height, width] = [block.length, Math.max(...block.map((line) => line.length))];
  const [lines, columns] = [range.bottom - range.top + 1, range.right - range.left + 1];
  if (range.isOne || lines % height || columns % width) return block;
  return Array.from({ length: lines }, (_line, row) => Array.from({ length: columns }, (_cell, column) => block[row % height][column % width] ?? ""));
}

// As Excel and LibreOffice write a cell into the clipboard: one with a line break or a tab stands in quotes.
const quoted = (text) => (/[\t\r\n]/.test(text) || text.startsWith("\"") ? `"${text.replaceAll("\"", "\"\"")}"` : text);

// Lines of cells. A cell in quotes may hold tabs and line breaks; quotes around a plain word are the word's own.
export function parsed(text) {
  const lines = [[]];
  let rest = text;
  while (rest) {
    const inQuotes = /^"((?:[^"]|"")*)"(?=[\t\r\n]|$)/.exec(rest);
    const isWrapped = inQuotes && /[\t\r\n]|""/.test(inQuotes[1]);
    const [cell] = isWrapped ? inQuotes : /^[^\t\r\n]*/.exec(rest);
    lines.at(-1).push(isWrapped ? inQuotes[1].replaceAll("\"\"", "\"") : cell);
    const [end] = /^(?:\t|\r\n|\r|\n|$)/.exec(rest.slice(cell.length));
    rest = rest.slice(cell.length + end.length);
    if (end === "\t" && !rest) lines.at(-1).push("");
    if (end && end !== "\t" && rest) lines.push([]);
  }
  return lines[0].length ? lines : [];
}

// As people write figures here: 1.234.567,89; a point before one or two last digits is a decimal point.
export function figure(text) {
  let plain = text.trim().replace(/^rp\.?\s*/i, "").replace(/\s/g, "");
  if (/,\d*$/.test(plain)) plain = plain.replaceAll(".", "").replace(",", ".");
  else if (!/^-?\d+\.\d{1,2}$/.test(plain)) plain = plain.replaceAll(".", "");
  const number = Number(plain);
  return Number.isFinite(number) ? number : 0;
}

for (const form of document.querySelectorAll("form[data-sheet]")) form.sheet = new Sheet(form);
