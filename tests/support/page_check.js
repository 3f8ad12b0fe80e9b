// What a page must have so that everybody can use it: roles, names, contrast, no side scrolling. Returns complaints.
(() => {
  const found = [];
  const named = (element) =>
    (element.getAttribute("aria-label") || "").trim() ||
    (element.getAttribute("aria-labelledby") || "").split(/\s+/).map((id) => document.getElementById(id)?.textContent || "").join(" ").trim() ||
    [...(element.labels || [])].map((label) => label.textContent).join(" ").trim() ||
    (element.matches("a, button, summary, th, h1, h2, h3") ? element.textContent.trim() : "") ||
    (element.getAttribute("title") || "").trim();
  const is = (element) => element.outerHTML.slice(0, 120);
  const isShown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  for (const selector of ["main", "h1", "head > title", "header"]) if (document.querySelectorAll(selector).length !== 1) found.push(`not one ${selector}`);
  if (document.documentElement.lang !== "en") found.push("no language");
  for (const element of document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, [role=region], nav, svg[role=img], section, dialog"))
    if (!named(element)) found.push(`no name: ${is(element)}`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push(`twice: #${id}`);
  for (const element of document.querySelectorAll("[aria-labelledby], [aria-describedby], label[for]"))
    for (const id of (element.getAttribute("aria-labelledby") || element.getAttribute("for") || "").split(/\s+/))
      if (id && !document.getElementById(id)) found.push(`leads to nothing: ${is(element)}`);
  let level = 0;
  for (const heading of document.querySelectorAll("main :is(h1, h2, h3, h4)")) {
    const now = Number(heading.tagName[1]);
    if (now > level + 1) found.push(`heading skips from ${level}: ${is(heading)}`);
    level = now;
  }
  for (const element of document.querySelectorAll("[style], script:not([src]), [onclick], [onerror], [onload]")) found.push(`inline: ${is(element)}`);
  for (const link of document.querySelectorAll("a[href]")) {
    if (!/^https?:$/.test(link.protocol)) found.push(`address: ${is(link)}`);
    if (link.origin !== location.origin && !/noopener/.test(link.rel)) found.push(`opener: ${is(link)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push(`wider than the screen: ${document.documentElement.scrollWidth} > ${innerWidth}`);
  const rgb = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const light = (color) => {
    const [r, g, b] = color.map((part) => part / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !isShown(element) || element.closest("svg, script, .hidden, .skip, .fresh")) continue;
    const style = getComputedStyle(element);
    const [one, other] = [light(rgb(style.color).slice(0, 3)), light(behind(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const key = `${style.color} ${behind(element)}`;
    if (contrast < 4.5 && !seen.has(key)) {
      seen.add(key);
      found.push(`contrast ${contrast.toFixed(1)}: ${is(element)}`);
    }
  }
  return found;
})();
