// What the editors' pages do better with a script: look through a change while it is typed, keep what is typed
// in this tab until it is shown as a change, and follow a trial and what is being published. Without it, the buttons and links do the same.
"use strict";

const WAIT = 700; // milliseconds without a key before a change is looked through
const AGAIN = 1000; // milliseconds between two looks at what is under way
const TYPED = "editor-typed"; // what has been typed, by answer
const NOTE = "helpline-note"; // the note of a call: see helpline.js
const SIGNED_OUT = "You are signed out. Sign in again; what you typed is kept in this tab.";

const status = document.getElementById("status");
const signOut = document.querySelector(".sign-out");

function say(words) {
  if (status && status.textContent !== words) status.textContent = words;
}

function make(name, properties, ...inside) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...inside);
  return element;
}

// ---- What is typed: in this tab only, and for nobody else who signs in here.

function kept() {
  const found = JSON.parse(sessionStorage.getItem(TYPED) ?? "null");
  return found?.name === signOut.dataset.name ? found.answers : {};
}

function keep(answers) {
  if (Object.keys(answers).length) sessionStorage.setItem(TYPED, JSON.stringify({ name: signOut.dataset.name, answers }));
  else sessionStorage.removeItem(TYPED);
}

function keepTyped(form, goneOn = false) {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrf");
  keep({ ...kept(), [form.dataset.answer]: { fields, goneOn } });
}

function forget(answer) {
  const { [answer]: _, ...others } = kept();
  keep(others);
}

function bringBack(form) {
  const typed = kept()[form.dataset.answer];
  if (!typed || form.dataset.changed !== undefined) return false; // the page itself has what was typed
  for (const field of form.elements) {
    const values = typed.fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox") field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
  const place = document.getElementById("brought-back");
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => {
    forget(form.dataset.answer);
    location.assign(form.getAttribute("action"));
  });
  say("What you had typed here is back");
  return true;
}

signOut?.addEventListener("submit", (event) => {
  const unsaved = sessionStorage.getItem(TYPED) || JSON.parse(sessionStorage.getItem(NOTE) ?? "{}").unsaved;
  if (unsaved && !window.confirm("Sign out? What you have written and not saved will be gone.")) return event.preventDefault();
  sessionStorage.removeItem(TYPED);
  sessionStorage.removeItem(NOTE);
});

// ---- The form of an answer.

function showErrors(form, looked) {
  for (const errors of form.querySelectorAll(".errors")) {
    const found = [...looked.querySelectorAll(`li[data-place="${errors.dataset.place}"] .what`)];
    errors.replaceChildren(...found.map((what) => make("p", { className: "error" }, what.textContent)));
    const field = errors.closest(".field");
    field.classList.toggle("wrong", found.length > 0);
    field.querySelector("input, select, textarea").setAttribute("aria-invalid", String(found.length > 0));
  }
  if (!looked.querySelector("#findings")) document.title = document.title.replace(/^Problem: /, "");
}

function tellSignedOut(form, looked) {
  const link = make("a", { href: `/sign-in?next=${form.getAttribute("action")}` }, "Sign in again");
  looked.replaceChildren(make("div", { className: "urgent" }, make("p", {}, "You are signed out. ", link, "; what you typed is kept in this tab.")));
  say(SIGNED_OUT);
}

function followTyping(form) {
  const looked = document.getElementById("looked");
  let timer = 0;
  let newest = 0;

  async function look() {
    const mine = ++newest;
    try {
      const reply = await fetch(form.dataset.look, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "text/html" },
      });
      if (mine !== newest) return;
      if (reply.status === 401 || reply.status === 403) return tellSignedOut(form, looked);
      if (!reply.ok || reply.redirected) return;
      looked.innerHTML = await reply.text();
      showErrors(form, looked);
      if (looked.querySelector(".unchanged")) forget(form.dataset.answer);
      const heading = looked.querySelector("#findings h3, .note p");
      if (heading) say(heading.textContent);
    } catch {
      // the service is away for a moment: the button still checks, and what was typed stays
    }
  }

  form.addEventListener("input", () => {
    keepTyped(form);
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer); // the page that comes says it
    newest += 1;
    const typed = form.dataset.changed !== undefined || form.dataset.answer in kept();
    if (typed) keepTyped(form, event.submitter?.value === "go-on");
  });
  if (bringBack(form)) look();
  if (form.dataset.refused !== undefined) document.getElementById("findings").focus();
}

function followWork(place) {
  async function look() {
    try {
      const reply = await fetch(place.dataset.follow, { headers: { Accept: "text/html" } });
      if (reply.ok && !reply.redirected) {
        place.innerHTML = await reply.text();
        const over = place.querySelector("[data-over]");
        if (over) return say(over.textContent);
        say(place.dataset.doing);
      }
    } catch {
      // the service is away for a moment: look again
    }
    setTimeout(look, AGAIN);
  }
  setTimeout(look, AGAIN);
}

const form = document.getElementById("edit");
if (form) followTyping(form);
const change = document.querySelector("[data-change-of]"); // what was gone on with is here now
if (change && kept()[change.dataset.changeOf]?.goneOn) forget(change.dataset.changeOf);
document.querySelectorAll("[data-follow]").forEach(followWork);
