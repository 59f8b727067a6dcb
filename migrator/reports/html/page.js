"use strict";

(() => {
  const form = document.getElementById("search");
  if (!form) return;

  const query = document.getElementById("query");
  const count = document.getElementById("count");
  const none = document.getElementById("none");
  const reset = form.querySelector("[type=reset]");
  const facets = ["baseline", "rule", "severity", "applicability", "folder", "owner"];

  const files = Array.from(document.querySelectorAll(".file"), (node) => ({
    node,
    folder: [node.dataset.folder],
    owner: node.dataset.owner.split(" "),
    path: node.querySelector(".path").textContent,
    left: 0,
  }));
  const findings = files.flatMap((file) =>
    Array.from(file.node.querySelectorAll("article"), (node) => ({
      node,
      file,
      rule: [node.dataset.rule],
      severity: [node.dataset.severity],
      applicability: [node.dataset.applicability],
      baseline: [node.dataset.baseline],
      folder: file.folder,
      owner: file.owner,
      text: null,
      shown: true,
    })),
  );
  const places = new Map(findings.map((finding, place) => [finding.node, place]));
  let current = -1;

  const textOf = (finding) => {
    finding.text ??= `${finding.file.path}\n${finding.node.textContent}`.toLowerCase();
    return finding.text;
  };

  // One pass over plain values; only what comes or goes is touched in the page.
  const filter = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = facets
      .map((name) => [
        name,
        new Set(Array.from(form.querySelectorAll(`[name=${name}]:checked`), (box) => box.value)),
      ])
      .filter(([, values]) => values.size);
    let left = 0;
    for (const file of files) file.left = 0;
    for (const finding of findings) {
      const shown =
        chosen.every(([name, values]) => finding[name].some((value) => values.has(value))) &&
        words.every((word) => textOf(finding).includes(word));
      if (shown !== finding.shown) {
        finding.shown = shown;
        finding.node.hidden = !shown;
      }
      if (shown) {
        finding.file.left += 1;
        left += 1;
      }
    }
    for (const file of files) {
      if (file.node.hidden !== !file.left) file.node.hidden = !file.left;
    }
    const filtered = words.length > 0 || chosen.length > 0;
    const noun = findings.length === 1 ? "finding" : "findings";
    count.textContent = filtered
      ? `${left} of ${findings.length} ${noun}`
      : `${findings.length} ${noun}`;
    none.hidden = left > 0;
    reset.hidden = !filtered;
  };

  // What is chosen is kept behind the address, so that a link or a reload shows the same.
  const chosenInForm = () =>
    Array.from(new FormData(form)).filter(([name, value]) => value && name !== "keys");
  const keep = () => {
    const written = new URLSearchParams(chosenInForm()).toString();
    const address = written ? `#?${written}` : location.pathname + location.search;
    try {
      history.replaceState(null, "", address);
    } catch {
      // A page in a frame of somebody else's may not, and works without.
    }
  };
  const recall = () => {
    if (!location.hash.startsWith("#?")) return;
    const values = new URLSearchParams(location.hash.slice(2));
    query.value = values.get("q") ?? "";
    for (const box of form.elements) {
      if (box.type === "checkbox" && box.name !== "keys") {
        box.checked = values.getAll(box.name).includes(box.value);
      } else if (box.type === "radio") {
        box.checked = (values.get(box.name) ?? "") === box.value;
      }
    }
  };

  let waiting = 0;
  const settle = () => {
    if (!waiting) return;
    cancelAnimationFrame(waiting);
    waiting = 0;
    filter();
    keep();
  };
  const changed = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(settle);
  };

  const go = (step) => {
    // A key may follow faster than the next frame.
    settle();
    const focused = document.activeElement.closest("article");
    let place = places.get(focused) ?? current;
    do place += step;
    while (place in findings && !findings[place].shown);
    if (!(place in findings)) return;
    current = place;
    findings[place].node.focus({ preventScroll: true });
    findings[place].node.scrollIntoView({ block: "nearest" });
  };
  const first = () => {
    current = -1;
    document.activeElement.blur();
    go(1);
  };

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
    const { key, target } = event;
    if (key === "Escape") {
      if (query.value) {
        query.value = "";
        changed();
      } else if (target === query) {
        query.blur();
      } else {
        return false;
      }
      return true;
    }
    if (target === query) {
      if (key !== "ArrowDown" && key !== "Enter") return false;
      first();
      return true;
    }
    const onFinding = places.has(target);
    if (onFinding && (key === "ArrowDown" || key === "ArrowUp")) {
      go(key === "ArrowDown" ? 1 : -1);
      return true;
    }
    if (!form.elements.keys.checked) return false;
    if (key === "/") {
      query.focus();
      query.select();
    } else if (key === "j") {
      go(1);
    } else if (key === "k") {
      go(-1);
    } else {
      return false;
    }
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (onKey(event)) event.preventDefault();
  });
  document.addEventListener("focusin", ({ target }) => {
    current = places.get(target.closest("article")) ?? current;
  });
  // The colours are chosen in the head of the page, outside the form they belong to.
  document.addEventListener("input", ({ target }) => {
    if (target.form === form) changed();
  });
  form.addEventListener("reset", () => {
    const themes = Array.from(form.elements.theme, (radio) => radio.checked);
    // The fields have their first values only when this event is over.
    setTimeout(() => {
      Array.from(form.elements.theme, (radio, place) => (radio.checked = themes[place]));
      query.focus();
      changed();
    });
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => {
    recall();
    filter();
  });

  if (matchMedia("(max-width: 60rem)").matches) form.querySelector(".facets").open = false;
  recall();
  filter();
})();
