/* The telephone: keys go out as they are pressed, what is heard comes in and is spoken. Without this script each key is
   a form that is sent. */
(function () {
  "use strict";

  const LOOK_AGAIN = 300;
  const root = () => document.getElementById("telephone");
  const voice = window.speechSynthesis && window.SpeechSynthesisUtterance ? window.speechSynthesis : null;
  let keys = "";
  let sending = false;
  let waiting = 0;

  // --- What comes in

  function same(here, there) {
    if (here.isEqualNode(there)) return;
    here.replaceChildren(...there.childNodes);
  }

  // Only what is new is put in, so that a screen reader says it once and a thumb never meets a key that was just replaced.
  function sameConversation(here, there) {
    const lines = [...there.children];
    lines.forEach((line, place) => {
      const old = here.children[place];
      if (!old) here.append(line);
      else if (!old.isEqualNode(line)) old.replaceWith(line);
    });
    here.scrollTop = here.scrollHeight;
  }

  function sameKeys(here, there) {
    const now = [...there.querySelectorAll("button")];
    [...here.querySelectorAll("button")].forEach((button, place) => {
      button.disabled = now[place].disabled;
      button.hidden = now[place].hidden;
    });
  }

  function show(html) {
    const there = new DOMParser().parseFromString(html, "text/html").getElementById("telephone");
    const here = root();
    if (!there || !here) return;
    const handset = here.querySelector("#handset");
    if (!handset || !there.querySelector("#handset")) {
      const hadFocus = here.contains(document.activeElement);
      here.replaceWith(document.importNode(there, true));
      if (handset) root().spoken = here.spoken;
      scroll();
      underThumb();
      const next = root().querySelector(".ringing .button, #what-now .button, .key");
      if (hadFocus && next) next.focus({ preventScroll: true });
    } else {
      sameConversation(here.querySelector("#heard"), there.querySelector("#heard"));
      for (const id of ["line-state", "what-now"]) same(here.querySelector(`#${id}`), there.querySelector(`#${id}`));
      for (const id of ["handset", "handset-end"]) sameKeys(here.querySelector(`#${id}`), there.querySelector(`#${id}`));
      for (const name of ["state", "mark"]) here.dataset[name] = there.dataset[name];
      for (const name of ["data-moves", "data-aloud"]) here.toggleAttribute(name, there.hasAttribute(name));
      same(here.querySelector(".aloud"), there.querySelector(".aloud"));
    }
    speak();
    lookAgain();
  }

  function scroll() {
    const heard = document.getElementById("heard");
    if (heard) heard.scrollTop = heard.scrollHeight;
  }

  // On a phone what is heard and the keys fill the screen together; the page's head is scrolled away when a call begins.
  function underThumb() {
    if (document.getElementById("handset") && matchMedia("(width < 48rem)").matches) root().scrollIntoView();
  }

  // --- What is said

  function speak() {
    const here = root();
    const lines = [...here.querySelectorAll("#heard .voice [lang]")];
    const before = here.spoken || 0;
    here.spoken = lines.length;
    if (!voice || !("aloud" in here.dataset)) return;
    for (const line of lines.slice(before)) {
      const words = new SpeechSynthesisUtterance(line.textContent.trim());
      words.lang = line.lang;
      voice.speak(words);
    }
  }

  // --- What goes out

  function lost() {
    document.dispatchEvent(new CustomEvent("htmx:sendError"));
  }

  async function ask(url, options) {
    const answer = await fetch(url, { ...options, headers: { "HX-Request": "true" }, credentials: "same-origin" });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) { location.assign(elsewhere); return; }
    if (answer.status === 204) { lookAgain(); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.text());
  }

  async function send(form, name, value) {
    const body = new FormData(form);
    body.set(name, value);
    clearTimeout(waiting);
    try { await ask(form.action, { method: "POST", body }); } catch { lost(); }
  }

  async function flush() {
    if (sending || !keys) return;
    const form = document.getElementById("handset");
    if (!form) { keys = ""; return; }
    sending = true;
    const now = keys;
    keys = "";
    await send(form, "keys", now);
    sending = false;
    flush();
  }

  function press(button) {
    if (button.disabled) return;
    if (voice) voice.cancel();
    button.classList.add("pressed");
    setTimeout(() => button.classList.remove("pressed"), 120);
    keys += button.value;
    flush();
  }

  function lookAgain() {
    clearTimeout(waiting);
    const here = root();
    if (!here || !here.hasAttribute("data-moves")) return;
    const url = new URL(here.dataset.state === "away" ? here.dataset.here : here.dataset.now, location.href);
    url.searchParams.set("mark", here.dataset.mark || "");
    waiting = setTimeout(() => {
      if (sending) { lookAgain(); return; }
      ask(url).catch(lookAgain);
    }, here.dataset.state === "busy" ? LOOK_AGAIN : 4 * LOOK_AGAIN);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!root() || !root().contains(form) || !button || !button.name) return;
    event.preventDefault();
    if (form.matches("[data-handset]")) { press(button); return; }
    if (voice) voice.cancel();
    button.disabled = true;
    send(form, button.name, button.value).finally(() => { button.disabled = false; });
  });

  // The computer's own keys, wherever the focus is but in a field.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!/^[0-9*#]$/.test(event.key) || event.target.closest("input, textarea, select, dialog")) return;
    const form = document.getElementById("handset");
    const button = form && [...form.querySelectorAll(".key")].find((each) => each.value === event.key);
    if (!button) return;
    event.preventDefault();
    press(button);
  });
  window.addEventListener("pagehide", () => { if (voice) voice.cancel(); });

  if (root()) {
    root().spoken = root().querySelectorAll("#heard .voice [lang]").length;
    scroll();
    underThumb();
    lookAgain();
  }
})();
