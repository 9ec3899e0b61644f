/* Says aloud what a page shows, by the browser's own voice. Where there is none, the buttons stay hidden. */
(function () {
  "use strict";
  const voice = window.speechSynthesis;
  if (!voice || !window.SpeechSynthesisUtterance) return;

  let speaking = null;

  function rest() {
    if (!speaking) return;
    const word = speaking.querySelector("span");
    if (word && speaking.dataset.word) word.textContent = speaking.dataset.word;
    speaking.removeAttribute("aria-pressed");
    speaking = null;
  }

  function say(element) {
    const spoken = new SpeechSynthesisUtterance(element.textContent.replace(/\s+/g, " ").trim());
    const told = element.closest("[lang]");
    if (told) spoken.lang = told.lang;
    return spoken;
  }

  function listen(button) {
    const mine = speaking === button;
    voice.cancel();
    rest();
    if (mine) return;
    const from = document.getElementById(button.dataset.listen);
    if (!from) return;
    speaking = button;
    const word = button.querySelector("span");
    if (word && button.dataset.stop) {
      button.dataset.word = word.textContent;
      word.textContent = button.dataset.stop;
    }
    button.setAttribute("aria-pressed", "true");
    const parts = from.matches("[data-parts]") ? [...from.querySelectorAll("[lang]")] : [from];
    const utterances = parts.map(say).filter((each) => each.text);
    const last = utterances[utterances.length - 1];
    const done = () => { if (speaking === button) rest(); };
    if (!last) { done(); return; }
    last.addEventListener("end", done);
    for (const each of utterances) {
      each.addEventListener("error", done);
      voice.speak(each);
    }
  }

  function reveal(root) {
    for (const button of root.querySelectorAll("[data-listen]")) button.hidden = false;
    // A page may say what is new by itself, where its reader has asked for that.
    const aloud = root.matches && root.matches("[data-aloud]") ? root : root.querySelector("[data-aloud]");
    if (aloud) {
      voice.cancel();
      rest();
      for (const part of aloud.querySelectorAll("[data-new] [lang]")) voice.speak(say(part));
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-listen]");
    if (button) listen(button);
  });
  document.addEventListener("htmx:afterSettle", (event) => reveal(event.detail.elt));
  window.addEventListener("pagehide", () => voice.cancel());
  reveal(document);
})();
