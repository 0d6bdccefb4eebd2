// Keeps pages live: asks for the live part when the server says that something changed.
"use strict";
(() => {
  const $ = id => document.getElementById(id);
  const dialog = $("confirm");
  let events = null;
  let shown = "";

  // Browsers allow six connections to a host: tabs that nobody looks at give theirs back.
  const connect = () => {
    if (document.hidden || (events && events.readyState !== EventSource.CLOSED)) return;
    events = new EventSource("/events");
    events.addEventListener("changed", refresh);
    events.onopen = () => state("live");
    events.onerror = () => state("reconnecting");
  };
  const refresh = () => htmx.trigger(document.body, "changed");
  const state = word => {
    if ($("live-state").dataset.live === word) return;
    $("live-state").dataset.live = word;
    $("live-state").textContent = word;
  };

  // Relative times go on while nothing else changes; the server says them in the same words.
  const ago = then => {
    const minutes = Math.floor((Date.now() - new Date(then)) / 60000);
    if (minutes < 1) return "just now";
    if (minutes < 60) return `${minutes} min ago`;
    return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ago` : `${Math.floor(minutes / (24 * 60))} days ago`;
  };
  setInterval(() => document.querySelectorAll("time[datetime]").forEach(time => {
    const word = ago(time.dateTime);
    if (time.textContent !== word) time.textContent = word;
  }), 15000);

  // A question before anything that changes what machines run, with a look at what it would do; the page holds still
  // meanwhile.
  document.addEventListener("htmx:confirm", e => {
    if (!e.detail.question) return;
    e.preventDefault();
    // a form's own words are its button's
    const button = e.detail.triggeringEvent?.submitter ?? e.detail.elt;
    $("confirm-question").textContent = e.detail.question;
    $("confirm-preview").replaceChildren();
    $("confirm-yes").textContent = button.textContent;
    $("confirm-yes").className = button.classList.contains("danger") ? "danger" : "primary";
    $("confirm-yes").disabled = false;
    dialog.returnValue = "no";
    dialog.onclose = () => { if (dialog.returnValue === "yes") e.detail.issueRequest(true); else refresh(); };
    dialog.showModal();
    $("confirm-no").focus();
    if (button.dataset.preview) preview(button.dataset.preview);
  });
  const preview = address => {
    const place = $("confirm-preview");
    place.textContent = "Looking at what it would do …";
    place.setAttribute("aria-busy", "true");
    htmx.ajax("GET", address, { source: place, target: place, swap: "innerHTML" }).then(() => {
      place.removeAttribute("aria-busy");
      if (place.querySelector("[data-deployable=false]")) $("confirm-yes").disabled = true;
    });
  };

  document.addEventListener("htmx:beforeRequest", e => {
    if (e.target.id === "live" && (document.hidden || dialog.open)) e.preventDefault();
  });
  // What has not changed is not touched, nor what somebody is selecting.
  document.addEventListener("htmx:beforeSwap", e => {
    if (e.detail.target.id !== "live") return;
    const text = e.detail.xhr.responseText;
    const selecting = !getSelection().isCollapsed && $("live").contains(getSelection().anchorNode);
    e.detail.shouldSwap = false;
    if (e.detail.xhr.status !== 200 || text === shown || dialog.open || selecting) return;
    shown = text;
    morph($("live"), text);
    document.dispatchEvent(new Event("morphed"));
  });
  document.addEventListener("htmx:afterRequest", e => {
    if (e.target.id !== "live") {
      // it was disabled while its request ran, and so lost the focus
      if (document.activeElement === document.body) $(e.target.id)?.focus();
      return;
    }
    connect();
  });
  let passing = 0;
  document.addEventListener("htmx:afterSwap", e => {
    if (e.detail.target.id !== "notice") return;
    clearTimeout(passing);
    if ($("notice").querySelector("[data-passes]")) passing = setTimeout(() => $("notice").replaceChildren(), 12000);
  });
  $("notice").addEventListener("click", e => { if (e.target.closest(".close")) $("notice").replaceChildren(); });
  document.addEventListener("htmx:sendError", () => state("reconnecting"));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { if (events) events.close(); events = null; }
    else { connect(); refresh(); }
  });
  // What a filter asks for is in the page's address, so that it can be sent to somebody; it begins with the first page.
  document.addEventListener("input", e => {
    const form = e.target.closest("form.filters");
    if (!form) return;
    if (form.elements.after) form.elements.after.value = "";
    const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname);
  });
  document.addEventListener("keydown", e => {
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, select, textarea, dialog")) return;
    e.preventDefault();
    $("search").select();
  });
  connect();
})();
