/* The keypad of Try the line: its keys are written into the field, which works without it too. */
(function () {
  "use strict";

  function prepare(root) {
    for (const keypad of root.querySelectorAll("[data-keypad]")) {
      keypad.hidden = false;
      const plain = keypad.parentElement.querySelector("[data-without-keypad]");
      if (plain) plain.hidden = true;
    }
    const now = root.querySelector(".conversation > li:last-child");
    if (now) now.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-digit]");
    if (!key) return;
    const field = key.closest("form").querySelector("[data-keyed]");
    if (field.value.length < field.maxLength) field.value += key.dataset.digit;
  });
  // Who types ends a number as on a telephone.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "#" || !event.target.matches("[data-keyed]")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  document.addEventListener("htmx:afterSettle", (event) => prepare(event.detail.elt));
  prepare(document);
})();
