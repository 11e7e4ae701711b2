// The list of items by keys; on a narrow screen what narrows it down begins folded.
"use strict";
{
  const facets = document.querySelector("[data-facets]");
  if (facets && matchMedia("(max-width: 46rem)").matches) facets.open = false;

  const all = [...document.querySelectorAll("[data-item]")];
  const here = () => all.findIndex((one) => one.closest(".item").contains(document.activeElement));
  const move = (step) => {
    const next = all[Math.min(Math.max(here() + step, 0), all.length - 1)];
    if (next) { next.focus(); next.closest(".item").scrollIntoView({ block: "nearest" }); }
  };
  desk.keys({
    j: () => move(1),
    k: () => move(-1),
    "/": () => { const field = document.getElementById("q"); field.focus(); field.select(); },
    o: () => { for (const one of all[Math.max(here(), 0)]?.closest(".item").querySelectorAll(".original") ?? []) window.open(one.href, "_blank", "noreferrer"); },
  });
}
