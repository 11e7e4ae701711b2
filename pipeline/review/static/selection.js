// Keys of the selection: j and k go through the stories, x ticks one; a move with nothing ticked is of the current one.
"use strict";
{
  const stories = [...document.querySelectorAll(".teaser")];
  const boxes = stories.map((one) => one.querySelector("input[type=checkbox]"));
  const all = document.querySelector("[data-all]");
  let at = -1;

  const show = (to) => {
    if (!stories.length) return;
    stories[at]?.classList.remove("current");
    at = Math.max(0, Math.min(stories.length - 1, to));
    stories[at].classList.add("current");
    stories[at].scrollIntoView({ block: "nearest" });
    boxes[at].focus({ preventScroll: true });
  };

  if (all) {
    all.closest("label").hidden = false;
    all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  }
  stories.forEach((one, number) => one.addEventListener("focusin", () => { if (number !== at) show(number); }));
  document.querySelector("form.moving")?.addEventListener("submit", () => {
    if (at >= 0 && !boxes.some((box) => box.checked)) boxes[at].checked = true;
  });
  desk.keys({ j: () => show(at + 1), k: () => show(at - 1), x: () => { if (at >= 0) boxes[at].click(); } });
}
