// Buttons that copy what another element says.
"use strict";
document.addEventListener("click", async e => {
  const button = e.target.closest("button[data-copy]");
  if (!button) return;
  const from = document.getElementById(button.dataset.copy);
  const said = button.textContent;
  try {
    await navigator.clipboard.writeText(from.textContent);
    button.textContent = "Copied";
  } catch {
    // not allowed outside of https: what is selected is copied by hand
    getSelection().selectAllChildren(from);
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = said; }, 2000);
});
