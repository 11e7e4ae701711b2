// The story page's own keys, and a button to copy each citation; everything is there without this file.
"use strict";
{
  for (const one of document.querySelectorAll("[data-focus]")) {
    desk.keys({ [one.dataset.focus]: () => { one.scrollIntoView({ block: "center" }); one.focus(); } });
  }
  const originals = [...document.querySelectorAll("a.original")];
  if (originals.length) desk.keys({ o: () => originals.forEach((one) => window.open(one.href, "_blank", "noopener,noreferrer")) });
  // A reader who edits wants to write at once.
  for (const one of document.querySelectorAll("details.edit")) {
    one.addEventListener("toggle", () => { if (one.open) one.querySelector("input[name=title]").focus(); });
  }
  const word = document.documentElement.lang === "ru" ? "Копировать" : "Copy";
  for (const one of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = word;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(one.firstElementChild.textContent);
      button.textContent = `${word} ✓`;
    });
    one.append(button);
  }
}
