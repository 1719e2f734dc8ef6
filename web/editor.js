// Two things that the editors' pages do better with a script: look through a change while it is typed, and
// follow a trial. Without it, the buttons and links do the same.
"use strict";

const WAIT = 700; // milliseconds without a key before a change is looked through
const AGAIN = 1000; // milliseconds between two looks at a trial

const status = document.getElementById("status");

function say(words) {
  if (status && status.textContent !== words) status.textContent = words;
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
      if (!reply.ok || reply.redirected || mine !== newest) return;
      looked.innerHTML = await reply.text();
      const heading = looked.querySelector("#findings h3, .note p");
      if (heading) say(heading.textContent);
    } catch {
      // the service is away for a moment: the button still checks, and what was typed stays
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
}

function followTrial(place) {
  async function look() {
    try {
      const reply = await fetch(place.dataset.trial, { headers: { Accept: "text/html" } });
      if (reply.ok && !reply.redirected) {
        place.innerHTML = await reply.text();
        const verdict = place.querySelector(".verdict, .error");
        if (verdict) {
          say(verdict.textContent);
          if (verdict.matches(".error")) location.reload();
          return;
        }
        say("The trial is running");
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
const trial = document.querySelector("#trial[data-trying]");
if (trial) followTrial(trial);
