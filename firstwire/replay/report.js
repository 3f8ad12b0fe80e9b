(() => {
  const kind = document.getElementById("kind");
  if (!kind) return;
  const rule = document.getElementById("rule");
  const words = document.getElementById("words");
  const count = document.getElementById("count");
  const items = [...document.querySelectorAll("li[data-kind]")];
  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      const fits = (!kind.value || item.dataset.kind === kind.value)
        && (!rule.value || item.dataset.rule === rule.value)
        && wanted.every((word) => item.dataset.search.includes(word));
      item.hidden = !fits;
      shown += fits;
    }
    count.textContent = `${shown} shown`;
  };
  for (const control of [kind, rule, words]) control.addEventListener("input", filter);
})();
