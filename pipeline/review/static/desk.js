// Keys and instant moves; every page works without this file. Areas register keys with `desk.keys({c: element or function})`.
"use strict";
const desk = {
  root: document.documentElement.dataset.root,
  csrf: document.querySelector("meta[name=csrf]").content,
  bound: new Map(),

  /** Binds keys to functions, or to elements that are clicked. */
  keys(map) { for (const [key, what] of Object.entries(map)) this.bound.set(key, what); },

  /** Asks the desk as our script: forms' tokens go along, answers are JSON. */
  async ask(path, options = {}) {
    const headers = { Accept: "application/json", "X-CSRF-Token": this.csrf, ...options.headers };
    const answer = await fetch(path, { credentials: "same-origin", ...options, headers });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  },

  /** Says something in the place where pages say what was done, also to screen readers. */
  say(text, wrong = false) {
    let line = document.querySelector("main > .said, main > .wrong");
    if (!line) {
      line = document.createElement("p");
      line.setAttribute("role", "status");
      document.querySelector("main").prepend(line);
    }
    line.className = wrong ? "wrong" : "said";
    line.textContent = text;
  },
};
window.desk = desk;

{
  const dialog = document.getElementById("keys");
  const opener = document.querySelector("[data-keys]");
  opener.hidden = false;
  const open = () => dialog.showModal();
  opener.addEventListener("click", open);
  desk.keys({ "?": open });

  // Elements say their key themselves: data-key="c".
  const bound = (key) => desk.bound.get(key) ?? document.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);

  const places = { q: "/", i: "/items", s: "/selection" };
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
    if (typing || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    if (going && Date.now() - going < 1500 && places[event.key]) {
      location.href = desk.root + places[event.key];
      return event.preventDefault();
    }
    going = event.key === "g" && !bound("g") ? Date.now() : 0;
    // On a Russian keyboard the same places: the letter, or / and ?, that a key has on the Latin one.
    const letter = /^Key([A-Z])$/.exec(event.code);
    const latin = letter && /[^\x00-\x7f]/.test(event.key) ? letter[1].toLowerCase()
      : event.code === "Slash" ? { ".": "/", ",": "?" }[event.key] : null;
    const what = bound(event.key) ?? (latin ? bound(latin) : null);
    if (!what) return;
    event.preventDefault();
    if (typeof what === "function") what(event); else what.click();
  });
}
