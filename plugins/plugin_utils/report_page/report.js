/*
Copyright (c) 2026, hostops.installatron contributors
GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later

The table of the sites with search, sorting, and pages, so that ten thousand sites need only fifty rows at a time.
Values from the data are inserted only as text.
*/
(function () {
  "use strict";

  const data = JSON.parse(document.getElementById("data").textContent);
  const at = Object.fromEntries(data.columns.map((name, place) => [name, place]));
  const rows = data.rows;
  const collator = new Intl.Collator("en", {numeric: true, sensitivity: "base"});
  const state = {query: "", show: "all", size: 50, page: 0, column: 0, down: false};
  const byId = (id) => document.getElementById(id);

  const STATUS = {current: "current", patch: "fixes available", upgrade: "behind", unknown: "unknown"};
  const BACKUP = {fresh: "current", old: "patch", none: "upgrade"};
  const AUTOUP = {all: "all", minor: "minor", none: "off"};
  const SHOW = {
    all: () => true,
    outdated: (row) => row[at.status] === "patch" || row[at.status] === "upgrade",
    security: (row) => row[at.security],
    stale: (row) => row[at.backup] !== "fresh",
    autoup_off: (row) => row[at.autoup] === "none",
    failed: (row) => row[at.failed_tasks] > 0
  };

  // The content and the sort key of each column. Sites without a value are last in both directions.
  const COLUMNS = [
    {title: "Site", fill: fillSite, value: null},
    {title: "Application", fill: (cell, row) => cell.append(text(row[at.application])), value: (row) => row[at.application]},
    {title: "Version", fill: fillVersion, value: (row) => row[at.version]},
    {title: "State", fill: fillState, value: (row) => ["upgrade", "patch", "unknown", "current"].indexOf(row[at.status]) * 2 + (row[at.security] ? 0 : 1)},
    {title: "Auto-update", fill: (cell, row) => cell.append(AUTOUP[row[at.autoup]] || ""), value: (row) => row[at.autoup]},
    {title: "Backup", fill: fillBackup, value: (row) => row[at.backup_age] === null ? Infinity : row[at.backup_age]},
    {title: "Disk", number: true, fill: (cell, row) => cell.append(size(row[at.disk])), value: (row) => row[at.disk]},
    {title: "Growth", number: true, fill: (cell, row) => cell.append(growth(row[at.growth])), value: (row) => row[at.growth]},
    {title: "Failed", number: true, fill: (cell, row) => cell.append(row[at.failed_tasks] || ""), value: (row) => row[at.failed_tasks]},
    {title: "Owner", fill: (cell, row) => cell.append(text(row[at.owner])), value: (row) => row[at.owner]}
  ];

  function text(value) {
    return value === null ? "" : String(value);
  }

  function size(bytes) {
    if (bytes === null) { return ""; }
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let unit = 0;
    while (bytes >= 1024 && unit < units.length - 1) { bytes /= 1024; unit += 1; }
    return (unit ? bytes.toFixed(1) : bytes) + " " + units[unit];
  }

  function growth(bytes) {
    return bytes === null ? "" : bytes === 0 ? "0" : (bytes < 0 ? "\u2212" : "+") + size(Math.abs(bytes));
  }

  function age(seconds) {
    if (seconds >= 172800) { return Math.floor(seconds / 86400) + " d"; }
    if (seconds >= 3600) { return Math.floor(seconds / 3600) + " h"; }
    return Math.floor(seconds / 60) + " m";
  }

  function element(name, kind, words) {
    const found = document.createElement(name);
    if (kind) { found.className = kind; }
    if (words !== undefined) { found.textContent = words; }
    return found;
  }

  function fillSite(cell, row) {
    const url = text(row[at.url]);
    // Only web addresses become links.
    if (/^https?:\/\//i.test(url)) {
      const link = element("a", "", url.replace(/^https?:\/\//i, ""));
      link.href = url;
      link.rel = "noopener noreferrer";
      cell.append(link);
    } else {
      cell.append(url);
    }
    if (row[at.title]) { cell.append(element("div", "note", row[at.title])); }
  }

  function fillVersion(cell, row) {
    cell.append(text(row[at.version]));
    if (SHOW.outdated(row)) { cell.append(element("div", "note", "newest " + row[at.newest])); }
  }

  function mark(cell, kind, words) {
    cell.append(element("span", "mark " + kind), words);
  }

  function fillState(cell, row) {
    mark(cell, row[at.status], STATUS[row[at.status]]);
    if (row[at.security]) { cell.append(element("div", "note", "security release")); }
  }

  function fillBackup(cell, row) {
    const none = row[at.backup_age] === null;
    mark(cell, BACKUP[row[at.backup]], none ? "none" : age(row[at.backup_age]));
    if (!none && row[at.backups] > 1) { cell.append(element("div", "note", row[at.backups] + " kept")); }
  }

  // Rank only the distinct texts, because natural comparison is slow.
  function ranks(values) {
    const different = Array.from(new Set(values)).sort(collator.compare);
    const rank = new Map(different.map((value, place) => [value, place]));
    return values.map((value) => rank.get(value));
  }

  // The indexes of all rows in the order of a column, as [with a value, without a value].
  const orders = [];
  function order(column) {
    if (!orders[column]) {
      const value = COLUMNS[column].value;
      let keys = rows.map((row, place) => value ? value(row) : place);
      const empty = keys.map((key) => key === null || key === "");
      if (keys.some((key) => typeof key === "string")) { keys = ranks(keys.map(text)); }
      const places = Array.from(rows.keys());
      // The rows are sorted by URL, and sort() is stable.
      orders[column] = [
        places.filter((place) => !empty[place]).sort((one, other) => keys[one] === keys[other] ? 0 : keys[one] < keys[other] ? -1 : 1),
        places.filter((place) => empty[place])
      ];
    }
    return orders[column];
  }

  let haystacks = null;
  function matching() {
    const words = state.query.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = SHOW[state.show];
    if (words.length && !haystacks) {
      const parts = [at.url, at.title, at.owner, at.application, at.version];
      haystacks = rows.map((row) => parts.map((part) => text(row[part])).join("\n").toLowerCase());
    }
    return (place) => shown(rows[place]) && words.every((word) => haystacks[place].includes(word));
  }

  function draw() {
    const [full, empty] = order(state.column);
    const found = (state.down ? full.slice().reverse() : full).concat(empty).filter(matching());
    const pages = Math.max(1, Math.ceil(found.length / state.size));
    state.page = Math.min(state.page, pages - 1);
    const from = state.page * state.size;
    const places = found.slice(from, from + state.size);
    byId("table").tBodies[0].replaceChildren(...places.map(drawRow));
    byId("status").textContent = statusText(found.length, from, places.length);
    byId("page").textContent = "Page " + (state.page + 1) + " of " + pages;
    byId("first").disabled = byId("back").disabled = state.page === 0;
    byId("next").disabled = byId("last").disabled = state.page === pages - 1;
    Array.from(byId("table").tHead.rows[0].cells).forEach((cell, column) => {
      cell.setAttribute("aria-sort", column !== state.column ? "none" : state.down ? "descending" : "ascending");
    });
    return pages;
  }

  function statusText(found, from, shown) {
    const whole = rows.length.toLocaleString("en");
    if (!rows.length) { return "Nothing is installed."; }
    if (!found) { return "None of " + whole + " sites match."; }
    const some = (from + 1).toLocaleString("en") + "\u2013" + (from + shown).toLocaleString("en") + " of " + found.toLocaleString("en");
    return "Sites " + some + (found < rows.length ? " that match, " + whole + " in total" : "") + ", sorted by " +
      COLUMNS[state.column].title.toLowerCase() + (state.down ? ", descending" : "");
  }

  function drawRow(place) {
    const line = element("tr");
    COLUMNS.forEach((column, number) => {
      const cell = element("td", number === 0 ? "site" : column.number ? "number" : "");
      cell.dir = "auto";
      column.fill(cell, rows[place]);
      line.append(cell);
    });
    return line;
  }

  function show(changes) {
    Object.assign(state, {page: 0}, changes);
    return draw();
  }

  function sortBy(column) {
    // Sort numbers in descending order first: largest, oldest, or most failures.
    const first = Boolean(COLUMNS[column].number) || COLUMNS[column].title === "Backup";
    show({column: column, down: state.column === column ? !state.down : first});
  }

  COLUMNS.forEach((column, number) => {
    const cell = element("th", column.number ? "number" : "");
    const button = element("button", "", column.title);
    cell.scope = "col";
    button.type = "button";
    button.addEventListener("click", () => sortBy(number));
    cell.append(button);
    byId("table").tHead.rows[0].append(cell);
  });
  byId("query").addEventListener("input", (event) => show({query: event.target.value}));
  byId("show").addEventListener("change", (event) => show({show: event.target.value}));
  byId("size").addEventListener("change", (event) => show({size: Number(event.target.value)}));
  byId("first").addEventListener("click", () => show({page: 0}));
  byId("back").addEventListener("click", () => show({page: state.page - 1}));
  byId("next").addEventListener("click", () => show({page: state.page + 1}));
  byId("last").addEventListener("click", () => show({page: Infinity}));
  document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());
  document.querySelectorAll(".tile").forEach((tile) => tile.addEventListener("click", () => {
    byId("show").value = tile.dataset.show;
    byId("query").value = "";
    show({show: tile.dataset.show, query: ""});
  }));
  // A browser may restore the values of the form after a reload.
  show({query: byId("query").value, show: byId("show").value, size: Number(byId("size").value)});
  document.querySelector(".tools").hidden = document.querySelector(".pager").hidden = byId("table").hidden = false;
  document.documentElement.dataset.ready = "true";
})();
