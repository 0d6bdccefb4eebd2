// The log of a build. Only the pages of lines that somebody looks at are in the document: the server cuts, colours and
// searches. A stream tells how the log grows.
"use strict";
(() => {
  const $ = id => document.getElementById(id);
  const box = $("log");
  if (!box) return;
  const step = 200;            // lines of a page, as the server has them
  const keep = 15;             // pages that stay in the document
  const mostLines = 1000000;   // what comes after is in the download alone
  const base = `/builds/${box.dataset.build}/log`;
  const chosen = box.dataset.attempt || "";
  const near = new Set();      // pages in sight, or almost
  let extent = { attempt: 0, lines: 0, bytes: -1 };
  let pages = [];
  let target = null;           // the lines that the address names
  let hits = { query: "", lines: [], total: 0, at: -1 };
  let stream = null;
  let ended = false;

  const say = text => { $("log-said").textContent = text; };
  const height = () => parseFloat(getComputedStyle(box).getPropertyValue("line-height"));
  const linesOf = n => Math.min(step, Math.min(extent.lines, mostLines) - n * step);
  const pageOf = line => Math.floor((line - 1) / step);
  const wait = n => { pages[n].style.height = `${linesOf(n) * height()}px`; };

  // What the server told: how much there is by now.
  const grow = now => {
    if (now.attempt !== extent.attempt) {
      near.clear();
      box.replaceChildren();
      pages = [];
      hits = { query: "", lines: [], total: 0, at: -1 };
    }
    extent = now;
    box.dataset.lines = now.lines;
    const last = pages.length - 1;
    for (let n = pages.length; n * step < Math.min(now.lines, mostLines); n++) {
      const page = document.createElement("div");
      page.className = "page";
      page.dataset.page = n;
      pages.push(page);
      wait(n);
      box.append(page);
      watch.observe(page);
    }
    if (last >= 0) {
      if (!pages[last].dataset.bytes) wait(last);
      if (near.has(last)) load(last);
    }
    if (now.lines > mostLines) say(`Only the first ${mostLines.toLocaleString("en")} of ${now.lines.toLocaleString("en")} lines are shown; the download has all of them.`);
    else if (!now.lines) say(ended ? "It printed nothing." : "Nothing printed yet.");
    else say(`${now.lines.toLocaleString("en")} ${now.lines === 1 ? "line" : "lines"}`);
    toEnd();
  };

  // The last line may be half of one.
  const isWhole = n => pages[n].dataset.whole === "true" || pages[n].dataset.bytes === String(extent.bytes);

  // Fetches a page of lines, unless it is there and cannot have changed.
  const load = async n => {
    const page = pages[n];
    if (page.loading) { page.again = true; return page.loading.catch(() => {}); }
    if (isWhole(n)) return;
    const { attempt, bytes, lines } = extent;
    page.loading = (async () => {
      const answer = await fetch(`${base}/lines?attempt=${attempt}&from=${n * step + 1}`);
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const html = await answer.text();
      if (pages[n] !== page) return;
      page.innerHTML = html; // escaped by the server
      page.style.height = "";
      page.dataset.bytes = bytes;
      page.dataset.whole = (n + 1) * step < lines;
      paint(page);
      toEnd();
    })();
    try {
      await page.loading;
    } catch {
      say("Some lines cannot be read now; scroll to try again.");
    }
    page.loading = null;
    if (page.again) { page.again = false; if (near.has(n)) await load(n); }
    thin();
  };

  const isSelecting = () => !getSelection().isCollapsed && box.contains(getSelection().anchorNode);

  // Pages far away give their lines back.
  const thin = () => {
    const there = pages.filter(p => p.dataset.bytes);
    if (there.length <= keep || isSelecting()) return;
    const middle = [...near].reduce((a, b) => a + b, 0) / Math.max(1, near.size);
    const away = p => Math.abs(Number(p.dataset.page) - middle);
    there.sort((a, b) => away(b) - away(a));
    for (const page of there.slice(0, there.length - keep)) {
      if (near.has(Number(page.dataset.page))) continue;
      page.style.height = `${page.offsetHeight}px`;
      delete page.dataset.bytes;
      delete page.dataset.whole;
      page.replaceChildren();
    }
  };

  const watch = new IntersectionObserver(entries => {
    for (const entry of entries) {
      const n = Number(entry.target.dataset.page);
      if (pages[n] !== entry.target) continue;
      if (entry.isIntersecting) { near.add(n); load(n); } else near.delete(n);
    }
  }, { root: box, rootMargin: "1000px 0px" });

  const toEnd = () => { if ($("follow").checked) box.scrollTop = box.scrollHeight; };

  const show = async line => {
    const n = pageOf(line);
    if (line < 1 || !pages[n]) return;
    $("follow").checked = false;
    pages[n].scrollIntoView({ block: "nearest" });
    near.add(n);
    await load(n);
    $(`L${line}`)?.scrollIntoView({ block: "center" });
  };

  // Lines that the address names: #L120, or #L120-L140.
  const named = () => {
    const found = /^#L(\d{1,7})(?:-L(\d{1,7}))?$/.exec(location.hash);
    if (!found) return null;
    const [from, to] = [Number(found[1]), Number(found[2] || found[1])].sort((a, b) => a - b);
    return { from, to };
  };
  const go = async () => {
    target = named();
    pages.filter(p => p.dataset.bytes).forEach(paint);
    if (target) await show(target.from);
  };
  box.addEventListener("click", e => {
    const number = e.target.closest("a.n");
    if (!number) return;
    e.preventDefault();
    const line = Number(number.textContent);
    const from = e.shiftKey && target ? Math.min(target.from, line) : line;
    const to = e.shiftKey && target ? Math.max(target.from, line) : line;
    history.replaceState(null, "", from === to ? `#L${from}` : `#L${from}-L${to}`);
    target = { from, to };
    $("follow").checked = false;
    pages.filter(p => p.dataset.bytes).forEach(paint);
  });
  addEventListener("hashchange", go);

  // Marks what is named and what was found.
  const paint = page => {
    const first = Number(page.dataset.page) * step + 1;
    const found = new Set(hits.lines.slice(lower(first), lower(first + step)));
    const here = hits.lines[hits.at];
    let n = first;
    for (const line of page.children) {
      line.classList.toggle("named", target !== null && n >= target.from && n <= target.to);
      line.classList.toggle("hit", found.has(n));
      line.classList.toggle("here", n === here);
      n++;
    }
    mark();
  };
  const lower = line => {
    let [low, high] = [0, hits.lines.length];
    while (low < high) { const middle = (low + high) >> 1; if (hits.lines[middle] < line) low = middle + 1; else high = middle; }
    return low;
  };
  // Where the browser can, the very words.
  const mark = () => {
    if (!window.CSS || !CSS.highlights) return;
    const ranges = [];
    const query = hits.query.toLowerCase();
    if (query) for (const text of box.querySelectorAll(".hit .t")) {
      const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node && ranges.length < 5000; node = walk.nextNode()) {
        const words = node.data.toLowerCase();
        if (words.length !== node.data.length) continue;
        for (let at = words.indexOf(query); at >= 0; at = words.indexOf(query, at + query.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + query.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("log-found", new Highlight(...ranges));
  };

  const search = async () => {
    const query = $("log-query").value;
    hits = { query, lines: [], total: 0, at: -1 };
    if (query) {
      $("log-hits").textContent = "searching …";
      const answer = await fetch(`${base}/search?attempt=${extent.attempt}&q=${encodeURIComponent(query)}`).catch(() => null);
      if ($("log-query").value !== query) return;
      if (!answer || !answer.ok || answer.redirected) { $("log-hits").textContent = "cannot be searched now"; return; }
      const found = await answer.json();
      hits = { query, lines: found.lines, total: found.total, at: -1 };
    }
    pages.filter(p => p.dataset.bytes).forEach(paint);
    if (hits.lines.length) await jump(1); else $("log-hits").textContent = query ? "no line has it" : "";
  };
  const topLine = () => {
    const top = box.getBoundingClientRect().top;
    for (const n of [...near].sort((a, b) => a - b))
      for (const line of pages[n].children) if (line.getBoundingClientRect().bottom > top) return Number(line.id.slice(1));
    return 1;
  };
  const jump = async by => {
    const count = hits.lines.length;
    if (!count) return;
    hits.at = hits.at < 0 ? lower(topLine()) % count : (hits.at + by + count) % count;
    $("log-hits").textContent = `${(hits.at + 1).toLocaleString("en")} of ${hits.total.toLocaleString("en")} ${hits.total === 1 ? "line" : "lines"}`;
    await show(hits.lines[hits.at]);
    pages.filter(p => p.dataset.bytes).forEach(paint);
  };
  $("log-search").addEventListener("submit", e => {
    e.preventDefault();
    if ($("log-query").value === hits.query) jump(1); else search();
  });
  $("log-previous").addEventListener("click", () => jump(-1));
  $("log-query").addEventListener("keydown", e => { if (e.key === "Enter" && e.shiftKey) { e.preventDefault(); jump(-1); } });
  $("log-query").addEventListener("input", () => { if (!$("log-query").value) search(); });

  const wrap = () => {
    const line = topLine();
    box.classList.toggle("wrap", $("wrap").checked);
    pages.forEach((p, n) => { if (!p.dataset.bytes) wait(n); });
    if ($("follow").checked) toEnd(); else $(`L${line}`)?.scrollIntoView({ block: "start" });
  };
  $("wrap").checked = matchMedia("(max-width: 48rem)").matches;
  box.classList.toggle("wrap", $("wrap").checked);
  $("wrap").addEventListener("change", wrap);

  // Whoever scrolls up wants to read; a tick resumes.
  const pause = () => { $("follow").checked = false; };
  box.addEventListener("wheel", e => { if (e.deltaY < 0) pause(); }, { passive: true });
  box.addEventListener("touchmove", pause, { passive: true });
  box.addEventListener("keydown", e => { if (["ArrowUp", "PageUp", "Home"].includes(e.key)) pause(); });
  $("follow").addEventListener("change", toEnd);

  const connect = () => {
    if (stream || document.hidden) return;
    stream = new EventSource(`${base}/events${chosen ? `?attempt=${chosen}` : ""}`);
    stream.addEventListener("log", e => { const first = extent.bytes < 0; grow(JSON.parse(e.data)); if (first && location.hash) go(); });
    stream.addEventListener("end", () => { close(); end(true); grow(extent); });
    stream.addEventListener("away", e => { close(); end(true); say(e.data); });
    stream.onerror = () => { if (stream && stream.readyState === EventSource.CLOSED) close(); };
  };
  const close = () => { if (stream) stream.close(); stream = null; };
  const end = over => { ended = over; $("follow").closest("label").hidden = over; box.dataset.ended = over; };
  document.addEventListener("visibilitychange", () => { if (document.hidden) close(); else if (!ended) connect(); });
  // a build that is tried again prints again
  document.addEventListener("htmx:afterRequest", e => {
    const state = $("build")?.dataset.state;
    if (e.target.id !== "live" || chosen || (state !== "QUEUED" && state !== "RUNNING")) return;
    if (ended) end(false);
    connect();
  });
  if (named()) $("follow").checked = false;
  say("Reading the log …");
  connect();
})();
