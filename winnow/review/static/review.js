"use strict";
// Keys and selection. Everything here is a shortcut to a link or button that is on the page anyway.

const rows = () => [...document.querySelectorAll("[data-row]")];
const pieces = () => [...document.querySelectorAll("[data-piece]")].filter((each) => each.matches("summary") || !each.closest("details:not([open])"));
const here = () => document.querySelector("tr.here");
const address = new URL(location.href);
address.searchParams.delete("did");
const PLACE = "place " + address.pathname + address.search;
const SCROLL = "scroll " + address.pathname + address.search;

function mark(row) {
  here()?.classList.remove("here");
  if (!row) return;
  row.classList.add("here");
  row.querySelector("[data-open]").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  sessionStorage.setItem(PLACE, String(rows().indexOf(row)));
}

function step(by) {
  const link = document.querySelector(by > 0 ? 'a[data-key="j"]' : 'a[data-key="k"]');
  const list = pieces().length ? pieces() : rows();
  if (link && !pieces().length) return link.click();
  if (!list.length) return undefined;
  const at = pieces().length ? list.indexOf(document.activeElement?.closest("[data-piece]")) : list.indexOf(here());
  const next = list[Math.max(0, Math.min(list.length - 1, at + by))];
  if (!pieces().length) return mark(next);
  next.focus({ preventScroll: true });
  return next.scrollIntoView({ block: "center" });
}

function press(key) {
  const piece = document.activeElement?.closest("[data-piece]");
  const within = (piece?.matches("summary") ? piece.parentElement : piece) ?? here() ?? null;
  const target = within?.querySelector(`[data-key="${CSS.escape(key)}"]`)
    ?? [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((each) => !each.closest("[data-row], [data-piece], .fold"));
  if (!target) return false;
  if (target.matches("input")) target.focus();
  else target.click();
  return true;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (event.key === "s" && here()) here().querySelector("input[type=checkbox]")?.click();
  else if (!press(event.key)) return;
  event.preventDefault();
}

function offset(node, units) {
  // Code points of the laid-out text before a place in the page, null outside of it.
  const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.("[data-start]");
  if (!piece) return null;
  const before = node.nodeType === Node.TEXT_NODE ? node.data.slice(0, units) : units ? piece.textContent : "";
  return Number(piece.dataset.start) + [...before].length;
}

function onSelect() {
  const form = document.getElementById("remove");
  const selection = document.getSelection();
  const text = document.getElementById("text");
  if (!form || !text || selection.isCollapsed || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return;
  const range = selection.getRangeAt(0);
  const [start, end] = [offset(range.startContainer, range.startOffset), offset(range.endContainer, range.endOffset)];
  if (start === null || end === null || start >= end) return;
  const whole = [...text.querySelectorAll("[data-start]")].map((each) => each.textContent).join("");
  const first = Number(text.querySelector("[data-start]").dataset.start);
  document.getElementById("remove-text").value = [...whole].slice(start - first, end - first).join("");
  document.getElementById("remove-span").value = `${start}-${end}`;
  form.classList.add("ready");
}

function keepPlace() {
  // A decision loads the page again: it stays where it was, on the row that has moved up, or that an undo brought back.
  addEventListener("pagehide", () => sessionStorage.setItem(SCROLL, String(scrollY)));
  if (document.querySelector(".did") && !location.hash) scrollTo({ top: Number(sessionStorage.getItem(SCROLL) ?? 0), behavior: "instant" });
  if (!rows().length || location.pathname !== "/") return;
  const undone = document.querySelector(".did[data-back]")?.dataset.back;
  const place = Number(sessionStorage.getItem(PLACE) ?? 0);
  mark(rows().find((row) => row.dataset.source === undone) ?? rows()[Math.min(place, rows().length - 1)]);
}

function start() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("selectionchange", onSelect);
  document.getElementById("remove-text")?.addEventListener("input", () => { document.getElementById("remove-span").value = ""; });
  document.addEventListener("click", (event) => { const row = event.target.closest("tr[data-row]"); if (row && !event.target.closest("a, button, input")) mark(row); });
  const all = document.getElementById("all");
  if (all) {
    all.hidden = document.getElementById("all-label").hidden = false;
    all.addEventListener("change", () => { for (const box of document.querySelectorAll('[data-row] input[name="source"]')) box.checked = all.checked; });
  }
  for (const reason of document.querySelectorAll('.rate input[name="why"]')) {
    reason.value ||= sessionStorage.getItem("why") ?? "";  // what was typed before this ran stays
    reason.addEventListener("input", () => sessionStorage.setItem("why", reason.value));
  }
  keepPlace();
  const decided = [...document.querySelectorAll("[data-piece]")].find((piece) => piece.id && `#${piece.id}` === location.hash);
  if (decided?.closest("details")) decided.closest("details").open = true;
  decided?.focus({ preventScroll: true });
  decided?.scrollIntoView({ block: "center" });
  document.documentElement.dataset.ready = "yes";
}

start();
