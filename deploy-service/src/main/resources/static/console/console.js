// Keeps pages live: asks for the live part when the server says that something changed, and follows a build's log.
"use strict";
(() => {
  const $ = id => document.getElementById(id);
  const dialog = $("confirm");
  const mostLines = 5000;
  let events = null;
  let log = null;
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
  const state = word => { $("live-state").dataset.live = word; $("live-state").textContent = word; };

  const follow = () => {
    const pre = $("log");
    if (!pre || document.hidden || log) return;
    log = new EventSource(`/builds/${pre.dataset.build}/log/events?after=${pre.dataset.after}`);
    log.addEventListener("log", e => { append(pre, JSON.parse(e.data)); if (e.lastEventId) pre.dataset.after = e.lastEventId; });
    log.addEventListener("end", () => { stop(); pre.dataset.ended = "true"; });
    log.onerror = () => { if (log && log.readyState === EventSource.CLOSED) stop(); };
  };
  const stop = () => { if (log) log.close(); log = null; };
  const append = (pre, chunk) => {
    const span = document.createElement("span");
    span.dataset.lines = chunk.lines;
    span.innerHTML = chunk.html; // escaped by the server
    pre.append(span);
    let lines = 0;
    for (const child of pre.children) lines += Number(child.dataset.lines);
    while (lines > mostLines && pre.children.length > 1) {
      lines -= Number(pre.firstElementChild.dataset.lines);
      pre.firstElementChild.remove();
      $("log-cut").hidden = false;
    }
    toEnd();
  };
  const toEnd = () => { if ($("log") && $("follow").checked) $("log").scrollTop = $("log").scrollHeight; };

  // A question before anything that changes what machines run; the page holds still meanwhile.
  document.addEventListener("htmx:confirm", e => {
    if (!e.detail.question) return;
    e.preventDefault();
    $("confirm-question").textContent = e.detail.question;
    dialog.returnValue = "no";
    dialog.onclose = () => { if (dialog.returnValue === "yes") e.detail.issueRequest(true); else refresh(); };
    dialog.showModal();
    $("confirm-no").focus();
  });
  document.addEventListener("htmx:beforeRequest", e => {
    if (e.target.id === "live" && (document.hidden || dialog.open)) e.preventDefault();
  });
  // What has not changed is not touched, nor what somebody is selecting.
  document.addEventListener("htmx:beforeSwap", e => {
    if (e.detail.target.id !== "live") return;
    const text = e.detail.xhr.responseText;
    const selecting = !getSelection().isCollapsed && $("live").contains(getSelection().anchorNode);
    if (text === shown || dialog.open || selecting) e.detail.shouldSwap = false;
    else shown = text;
  });
  document.addEventListener("htmx:afterRequest", e => {
    if (e.target.id !== "live") {
      // it was disabled while its request ran, and so lost the focus
      if (document.activeElement === document.body) $(e.target.id)?.focus();
      return;
    }
    connect();
    const build = $("build");
    if (build && (build.dataset.state === "QUEUED" || build.dataset.state === "RUNNING")) follow();
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
    if (document.hidden) { if (events) events.close(); events = null; stop(); }
    else { connect(); refresh(); if ($("log") && !$("log").dataset.ended) follow(); }
  });
  if ($("log")) {
    $("log").addEventListener("wheel", e => { if (e.deltaY < 0) $("follow").checked = false; }, { passive: true });
    $("follow").addEventListener("change", toEnd);
    toEnd();
    follow();
  }
  connect();
})();
