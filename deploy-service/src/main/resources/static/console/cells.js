// Draws a deployment's machines, a cell each, and turns those alone that the server says have turned.
"use strict";
(() => {
  const words = { h: "runs it", f: "failed", u: "silent", d: "downloading", a: "starting", p: "told, not heard on it", n: "not its turn yet" };
  const map = document.getElementById("map");
  const names = new Map();
  let events = null;

  const boxOf = region => document.getElementById(`cells-${region}`);
  const draw = ({ regions }) => regions.forEach(({ name, machines, states }) => {
    const box = boxOf(name);
    if (!box) return;
    names.set(name, machines);
    box.dataset.size = machines.length > 1000 ? "small" : machines.length > 150 ? "middle" : "large";
    const cells = document.createDocumentFragment();
    for (const state of states) cells.append(Object.assign(document.createElement("i"), { className: state }));
    box.replaceChildren(cells);
  });
  const turn = regions => {
    for (const [region, turned] of Object.entries(regions)) {
      const cells = boxOf(region)?.children;
      if (!cells) continue;
      for (const [state, places] of Object.entries(turned)) for (const place of places) if (cells[place]) cells[place].className = state;
    }
  };

  const connect = () => {
    if (events || document.hidden || !map?.classList.contains("drawn")) return;
    events = new EventSource(`/deployments/${map.dataset.deployment}/cells`);
    events.addEventListener("cells", e => draw(JSON.parse(e.data)));
    events.addEventListener("turned", e => turn(JSON.parse(e.data)));
    events.onerror = () => { if (events.readyState === EventSource.CLOSED) events = null; };
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { if (events) events.close(); events = null; } else connect();
  });
  // a deployment that begins while its page is open
  document.addEventListener("morphed", connect);

  const nameOf = cell => {
    const box = cell.parentElement;
    const place = [...box.children].indexOf(cell);
    return { region: box.dataset.region, machine: names.get(box.dataset.region)?.[place] };
  };
  const say = cell => `${nameOf(cell).machine}: ${words[cell.className]}`;
  const open = cell => {
    const { region, machine } = nameOf(cell);
    if (machine) location.href = `/machines?${new URLSearchParams({ region, name: machine })}`;
  };
  const isCell = element => element.matches?.(".cells > i");
  document.addEventListener("mouseover", e => { if (isCell(e.target)) e.target.title = say(e.target); });
  document.addEventListener("click", e => { if (isCell(e.target)) open(e.target); });

  // The cell that the keyboard is at is marked by an attribute: classes are states.
  const at = box => box.querySelector("[data-here]") ?? box.firstElementChild;
  document.addEventListener("keydown", e => {
    const box = e.target;
    if (!box.matches?.(".cells") || !box.querySelector("i")) return;
    const cells = [...box.children];
    const here = at(box);
    const row = Math.max(1, cells.findIndex(cell => cell.offsetTop > cells[0].offsetTop));
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row, Home: -cells.length, End: cells.length };
    if (e.key === "Enter") return open(here);
    if (!(e.key in steps)) return;
    e.preventDefault();
    const next = cells[Math.min(cells.length - 1, Math.max(0, cells.indexOf(here) + steps[e.key]))];
    delete here.dataset.here;
    next.dataset.here = "";
    document.getElementById("cell-says").textContent = say(next);
  });
  connect();
})();
