// Makes a part of the page like what the server sent and touches only what differs: focus, selection and scroll stay.
"use strict";
window.morph = (() => {
  // What has an id is found by it wherever it has gone; all else by its place.
  const children = (old, next) => {
    const byId = new Map([...old.children].filter(child => child.id).map(child => [child.id, child]));
    let at = old.firstChild;
    for (const wanted of [...next.childNodes]) {
      const same = wanted.id ? byId.get(wanted.id) : at && !at.id && at.nodeName === wanted.nodeName ? at : null;
      if (!same || same.nodeName !== wanted.nodeName) old.insertBefore(wanted, at);
      else {
        if (same === at) at = at.nextSibling;
        else old.insertBefore(same, at);
        node(same, wanted);
      }
    }
    while (at) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
  };
  const node = (old, next) => {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== next.data) old.data = next.data;
      return;
    }
    // a script of its own draws it
    if (old.hasAttribute("data-own") || old.isEqualNode(next)) return;
    for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
    children(old, next);
  };
  return (part, html) => {
    const next = document.createElement("template");
    next.innerHTML = html; // escaped by the server
    children(part, next.content);
    htmx.process(part);
  };
})();
