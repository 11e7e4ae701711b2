// The queue by keys: words are sent without leaving the page, and the next pair is there already.
"use strict";
{
  let next = null; // [address, promise of its page]

  const begin = () => {
    for (const one of document.querySelectorAll("[hidden].only-script")) one.hidden = false;
    for (const form of document.querySelectorAll("form[data-verdict]")) form.addEventListener("submit", say);
    for (const line of document.querySelectorAll("[data-effects]")) follow(line);
    document.querySelector("[data-originals]")?.addEventListener("click", () => {
      for (const one of document.querySelectorAll("[data-original]")) window.open(one.href, "_blank", "noopener,noreferrer");
    });
    const why = document.querySelector("[data-why]");
    why?.addEventListener("toggle", async () => {
      if (why.open && !why.dataset.done) {
        why.dataset.done = "1";
        why.querySelector("div").innerHTML = (await desk.ask(why.dataset.why)).html;
      }
    });
    const link = document.querySelector("a[rel=next][data-key]");
    next = link ? [link.href, fetch(link.href, { credentials: "same-origin" }).then((page) => (page.ok ? page.text() : null)).catch(() => null)] : null;
  };

  /** Asks until the feeds are made, and says what changed in them. */
  const follow = async (line) => {
    for (let turn = 0; turn < 15; turn++) {
      let told;
      try { told = await desk.ask(line.dataset.effects); } catch { return; }
      if (!line.isConnected) return;
      if (told.ready) { line.innerHTML = told.html; return; }
    }
  };

  const say = async (event) => {
    event.preventDefault();
    const form = event.target, button = event.submitter;
    const body = new URLSearchParams(new FormData(form));
    body.set("kind", button.value);
    for (const one of form.querySelectorAll("button")) one.disabled = true;
    try {
      const told = await desk.ask(form.action, { method: "POST", body });
      await show(new URL(told.next, location).href, told.banner);
    } catch {
      for (const one of form.querySelectorAll("button")) one.disabled = false;
      desk.say(form.dataset.failed, true);
    }
  };

  /** Puts the next page in the place of this one. */
  const show = async (address, banner) => {
    const text = next && next[0] === address ? await next[1] : null;
    if (!text) { location.href = address; return; }
    const page = new DOMParser().parseFromString(text, "text/html");
    document.title = page.title;
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.querySelector("main").insertAdjacentHTML("afterbegin", banner);
    history.pushState({}, "", address);
    window.scrollTo(0, 0);
    document.querySelector("main").focus({ preventScroll: true });
    begin();
  };

  window.addEventListener("popstate", () => location.reload());
  begin();
}
