// While something is under way for a source, looks again every two seconds and shows what came of it.
"use strict";
{
  const place = document.querySelector("[data-errands]");
  const look = async () => {
    try {
      const told = await desk.ask(location.pathname);
      place.innerHTML = told.html;
      if (told.open) setTimeout(look, 2000);
    } catch {
      setTimeout(look, 8000);
    }
  };
  if (place?.querySelector("[data-open]")) setTimeout(look, 1500);
}
