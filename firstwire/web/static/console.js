// The console's one script: live alerts, keys, previews. Every page works without it.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isTyping = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;

  // Live alerts. The stream is closed while nobody looks: a browser has six connections to one host for all its pages.
  const list = $("[data-live]");
  if (list) {
    const sign = $("#live");
    const limit = Number(list.dataset.limit);
    let source = null;
    const show = (isOn) => {
      if (!sign) return;
      sign.classList.toggle("on", isOn);
      sign.textContent = isOn ? "live" : "connecting …";
    };
    const total = $("[data-total]");
    const count = (number) => {
      total.dataset.total = number;
      total.hidden = number === 0;
      $("span", total).textContent = `${number.toLocaleString("en")} alert${number === 1 ? "" : "s"}`;
    };
    const put = (html, isFresh) => {
      const parsed = new DOMParser().parseFromString(html, "text/html");
      const entry = parsed.querySelector("li");
      if (!entry) return;
      const old = document.getElementById(entry.id);
      const focused = old !== null && old.contains(document.activeElement);
      if (isFresh) entry.classList.add("fresh");
      if (old) old.remove();
      list.prepend(document.adoptNode(entry));
      if (focused) entry.focus();
      while (list.children.length > limit) list.lastElementChild.remove();
      const none = $("#none");
      if (none) none.remove();
      // Of an alert that is not new the total knows already, though the list is too short for it
      if (!old && entry.dataset.revision === "1") count(Number(total.dataset.total) + 1);
      list.dispatchEvent(new CustomEvent("alert-shown", { detail: entry.id }));
    };
    const reread = async () => {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = parsed.querySelector("[data-live]");
      if (!fresh) return;
      list.dataset.at = fresh.dataset.at;
      count(Number($("[data-total]", parsed).dataset.total));
      list.replaceChildren(...[...fresh.children].map((child) => document.adoptNode(child)));
      const none = $("#none");
      if (none && list.children.length) none.remove();
    };
    const open = () => {
      if (source) return;
      source = new EventSource(list.dataset.live);
      // Alerts may have come since the page was made, or while the stream was closed
      source.addEventListener("at", (event) => {
        show(true);
        if (event.data !== list.dataset.at) reread().catch(() => {});
      });
      source.addEventListener("error", () => {
        show(false);
        if (source && source.readyState === EventSource.CLOSED) {
          source = null;
          setTimeout(open, 5000);
        }
      });
      source.addEventListener("alert", (event) => put(event.data, true));
    };
    const close = () => {
      if (source) source.close();
      source = null;
    };
    document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
    addEventListener("pagehide", close);
    if (!document.hidden) open();
  }

  // A preview of a query while it is written.
  const preview = $("[data-preview]");
  if (preview) {
    const field = $("[name=query]", preview.form || document);
    let timer = null;
    let asked = 0;
    const look = async () => {
      const number = ++asked;
      const query = field.value.trim();
      if (!query) return preview.replaceChildren();
      const answer = await fetch(`${preview.dataset.preview}?q=${encodeURIComponent(query)}`);
      if (!answer.ok || number !== asked) return undefined;
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      return preview.replaceChildren(...[...parsed.body.childNodes].map((node) => document.adoptNode(node)));
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => look().catch(() => {}), 400);
    });
    look().catch(() => {});
  }

  // A text is copied by a button; where the browser refuses that, it is selected.
  all("[data-copy]").forEach((button) =>
    button.addEventListener("click", async () => {
      const field = $(button.dataset.copy);
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Selected: copy it";
      }
    }),
  );

  // Filters take effect when they are chosen.
  all("form[data-now] select").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));

  // Empty fields make no part of an address.
  all("form[method=get]").forEach((form) =>
    form.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData.entries()]) if (value === "") event.formData.delete(name);
    }),
  );

  // `/search#q`: the field is ready to be written in.
  const asked = location.hash === "#q" ? $("#q[data-search]") : null;
  if (asked) asked.focus();

  // Keys.
  const help = $("#help");
  all("[data-help]").forEach((button) => button.addEventListener("click", () => help.showModal()));
  let isGoing = false;
  const step = (by) => {
    const entries = all(".entry");
    if (!entries.length) return;
    const at = entries.findIndex((entry) => entry.contains(document.activeElement));
    const next = entries[Math.min(entries.length - 1, Math.max(0, at === -1 ? 0 : at + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target) || help.open) return;
    if (isGoing) {
      isGoing = false;
      const page = $(`nav a[data-key="${CSS.escape(event.key)}"]`);
      if (page) {
        event.preventDefault();
        location.assign(page.href);
      }
      return;
    }
    const acts = {
      j: () => step(1),
      k: () => step(-1),
      "?": () => help.showModal(),
      g: () => {
        isGoing = true;
        setTimeout(() => (isGoing = false), 1500);
      },
      "/": () => {
        const field = $("[data-search]");
        if (field) field.focus();
        else location.assign("/search#q");
      },
      Enter: () => {
        const link = event.target.classList.contains("entry") ? $("a[href]", event.target) : null;
        if (link) link.click();
      },
    };
    if (event.key in acts) {
      if (event.key !== "Enter" || event.target.classList.contains("entry")) event.preventDefault();
      acts[event.key]();
    }
  });
})();
