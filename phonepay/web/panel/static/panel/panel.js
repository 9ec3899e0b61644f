/* The panel's behavior. No text lives here: what is said comes with the page. */
(function () {
  "use strict";

  const announcer = document.getElementById("announcer");

  function announce(text) {
    if (!announcer || !text) return;
    announcer.textContent = "";
    // A region that is filled in the same moment as it is emptied is not read out.
    requestAnimationFrame(() => { announcer.textContent = text; });
  }

  // What was swapped in says where the focus belongs and what a screen reader should hear.
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.elt;
    const focus = target.matches("[data-focus]") ? target : target.querySelector("[data-focus]");
    if (focus) focus.focus({ preventScroll: false });
    const said = target.matches("[data-announce]") ? target : target.querySelector("[data-announce]");
    if (said) announce(said.dataset.announce);
    prepare(target);
  });

  // A page that a form made is come back to, or loaded again, as one that was asked for: nothing is sent twice.
  history.replaceState(history.state, "", location.href);

  // The clock of whoever reads, where nobody has chosen one yet.
  const zone = document.querySelector("select[data-own-zone]");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && [...zone.options].some((each) => each.value === own)) zone.value = own;

  // Where something was typed wrong, the page begins there, and not where it begins otherwise: the frame comes after that.
  const wrong = document.querySelector("main [aria-invalid=true], main .found[data-focus]");
  if (wrong) requestAnimationFrame(() => wrong.focus());

  // What a page said as it came is not about what is done on it next.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const said = document.querySelector(".said");
    if (said && event.detail.requestConfig.triggeringEvent) said.replaceChildren();
  });

  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, () => {
      const sentence = document.body.dataset.lost;
      if (!sentence) return;  // the page knows that the server starts anew, and goes on by itself
      announce(sentence);
      const said = document.querySelector(".said");
      if (!said) return;
      const toast = document.createElement("p");
      toast.className = "toast bad";
      toast.textContent = sentence;
      said.replaceChildren(toast);
    });
  }

  // A held Enter opens a form and would press its button too.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.repeat) event.preventDefault();
  }, true);

  // A form that moves money is sent once, also where htmx did not load.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); event.stopPropagation(); return; }
    form.dataset.sent = "yes";
    const button = form.querySelector("[data-busy]");
    if (button) button.textContent = button.dataset.busy;
  }, true);
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  });

  // The button follows the amount as it is typed.
  function label(form) {
    const button = form.querySelector("[data-label]");
    if (!button) return;
    const typed = form.querySelector("[data-amount]");
    const all = form.querySelector("input[type=radio][value=all]");
    let value = all && all.checked ? Number(all.dataset.value) : NaN;
    if (Number.isNaN(value)) {
      const text = (typed ? typed.value : "").trim();
      value = /^[0-9]+([.,][0-9]+)?$/.test(text) ? Number(text.replace(",", ".")) : NaN;
    }
    if (Number.isNaN(value)) { button.textContent = button.dataset.plain; return; }
    const decimals = Number.isInteger(value) ? Number(form.dataset.decimals) : Number(form.dataset.digits);
    const shown = new Intl.NumberFormat(form.dataset.locale, {
      style: "currency", currency: form.dataset.currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals,
    }).format(value);
    button.textContent = button.dataset.label.replace("{}", shown);
  }
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-money]");
    if (!form) return;
    if (event.target.matches("[data-amount]")) {
      const part = form.querySelector("input[type=radio][value=part]");
      if (part) part.checked = true;
    }
    label(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-money]");
    if (!form) return;
    if (event.target.value === "part") {
      const typed = form.querySelector("[data-amount]");
      if (typed) typed.focus();
    }
    label(form);
  });

  // A choice that is a whole form: its button is for who has no JavaScript.
  for (const chosen of document.querySelectorAll("[data-submit]")) {
    const button = chosen.form.querySelector(".button");
    if (button) button.hidden = true;
    chosen.addEventListener("change", () => chosen.form.submit());
  }

  function prepare(root) {
    for (const form of root.querySelectorAll("form[data-money]")) label(form);
  }

  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        announce(copy.dataset.copied);
        const word = copy.querySelector("span");
        if (!word || word.textContent === copy.dataset.copied) return;
        const before = word.textContent;
        word.textContent = copy.dataset.copied;
        setTimeout(() => { word.textContent = before; }, 2000);
      });
    }
    const keys = event.target.closest("[data-keys]");
    if (keys) document.getElementById("keys").showModal();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  function escape() {
    const open = document.querySelector("details.menu[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); return true; }
    const keep = document.querySelector("[data-escape] [data-keep]");
    if (keep) { keep.click(); return true; }
    return false;
  }

  const GO = { h: "home", p: "payments", o: "orders", c: "calls" };
  let gone = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      if (escape()) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !("shortcuts" in document.body.dataset)) return;
    if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    const key = event.key;
    if (gone && event.timeStamp - gone < 1500 && GO[key]) {
      const link = document.querySelector(`.places a[data-place="${GO[key]}"]`);
      gone = 0;
      if (link) link.click();
      return;
    }
    gone = key === "g" ? event.timeStamp : 0;
    if (key === "/") {
      event.preventDefault();
      const search = document.querySelector("[data-search]");
      if (search) { search.focus(); search.select(); }
    } else if (key === "?") {
      document.getElementById("keys").showModal();
    } else if (key === "r") {
      const refund = document.querySelector("[data-key=r]");
      if (refund) refund.click();
    } else if (key === "j" || key === "k") {
      move(key === "j" ? 1 : -1);
    }
  });

  function move(step) {
    const rows = [...document.querySelectorAll("a.row, a.tile")].filter((row) => row.offsetParent !== null);
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
    rows[next].focus();
  }

  prepare(document);
})();
