// The console of the helpline: answers as you type, one key for everything, the note of the call.
// Without this script every button still works, a page at a time.
"use strict";

(() => {
  const PAUSE = 60; // milliseconds without a key after which what is typed is sent
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  document.documentElement.classList.add("scripted");

  const call = find("#call");
  const status = find("#status");
  const say = (text) => { if (status) status.textContent = text; };
  const speak = (text) => { find("#spoken").textContent = text; }; // for a screen reader: others see the answer

  // ---- Keys: an element says with data-key which key uses it; of several, each press takes the next.
  const KEYS_OFF = "helpline-keys-off";
  const keysOn = () => localStorage.getItem(KEYS_OFF) === null;
  const typing = (element) => element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
  const shown = (element) => element.checkVisibility(); // false within what is folded away
  let lastUsed = null;

  function use(key) {
    const menu = find("details.report[open]");
    const inMenu = menu ? all(`button[data-key="${key}"]`, menu) : [];
    const fitting = (inMenu.length ? inMenu : all(`[data-key="${key}"]`)).filter(shown);
    if (!fitting.length) return false;
    const next = fitting[(fitting.indexOf(lastUsed) + 1) % fitting.length];
    lastUsed = next;
    next.focus();
    if (next.matches("[data-only-focus]")) return true;
    if (typing(next)) next.select?.();
    else next.click();
    const tab = next.matches("summary") && next.parentElement;
    if (tab) setTimeout(() => tab.open && find("select, input, button", tab)?.focus());
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const dialog = find("dialog[open]");
    if (event.key === "Escape" && !dialog && typing(event.target)) {
      event.preventDefault();
      (find("#answer") ?? find("#main")).focus();
      return;
    }
    const tab = event.key === "Escape" && find(".tab[open]");
    if (tab && !dialog) {
      tab.open = false;
      find("#answer").focus();
      return;
    }
    if (dialog || typing(event.target) || !keysOn()) return;
    if (event.key === "?" && find("#keys")) showKeys();
    else if (!use(event.key)) return;
    event.preventDefault();
  });

  function showKeys() {
    find("#keys-on").checked = keysOn();
    find("#keys").showModal();
  }
  find("#keys-open")?.addEventListener("click", showKeys);
  find("#keys-close")?.addEventListener("click", () => find("#keys").close());
  find("#keys-on")?.addEventListener("change", (event) => {
    if (event.target.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "1");
  });

  // ---- Signing out leaves nothing behind; where that would lose something, it asks first.
  const NOTE = "helpline-note";
  const TYPED = "editor-typed"; // what an editor has typed into an answer: see editor.js
  find(".sign-out")?.addEventListener("submit", (event) => {
    const unsaved = JSON.parse(sessionStorage.getItem(NOTE) ?? "{}").unsaved || sessionStorage.getItem(TYPED);
    if (unsaved && !window.confirm("Sign out? What you have written and not saved will be gone.")) return event.preventDefault();
    sessionStorage.removeItem(NOTE);
    sessionStorage.removeItem(TYPED);
  });

  if (!call) return;
  const question = find("#q");
  const answer = find("#answer");
  const note = find("#note");
  const followUp = find("#follow_up");
  const subject = find("#subject");

  // ---- The note: in this tab only, and for nobody else who signs in here.
  function keepNote() {
    const unsaved = note.value.trim() !== "" && noteNow() !== saved;
    const kept = { name: call.dataset.name, note: note.value, followUp: followUp.value, subject: subject.value, told, unsaved };
    sessionStorage.setItem(NOTE, JSON.stringify(kept));
  }
  let saved = ""; // the note and its day as they were last saved
  let told = ""; // what is known of the call after the questions that are in the note; the page carries it along
  const noteNow = () => `${note.value}\n${followUp.value}\n${subject.value}`;
  function bringNoteBack() {
    const kept = JSON.parse(sessionStorage.getItem(NOTE) ?? "null");
    if (!kept || kept.name !== call.dataset.name) return sessionStorage.removeItem(NOTE);
    if (!note.value) note.value = kept.note;
    if (!followUp.value) followUp.value = kept.followUp;
    if (!subject.value) subject.value = kept.subject;
    told = kept.told;
    if (!kept.unsaved) saved = noteNow();
  }
  function addToNote(...lines) {
    if (!lines.some(Boolean)) return;
    const before = note.value.trimEnd();
    note.value = `${[before, ...lines.filter(Boolean)].filter(Boolean).join("\n")}\n`;
    note.scrollTop = note.scrollHeight;
    keepNote();
    say("Added to the note.");
  }
  bringNoteBack();
  note.addEventListener("input", keepNote);
  followUp.addEventListener("input", keepNote);
  subject.addEventListener("input", keepNote);
  find("#end").addEventListener("click", () => {
    if (note.value.trim() && !window.confirm("End the call? The note here will be empty.")) return;
    for (const field of [note, followUp, subject, question, ...all(".facts select, .facts input[type=date]")]) field.value = "";
    find(".facts input[type=checkbox]").checked = false;
    typedByHand.clear();
    find("#limit").selectedIndex = 0;
    for (const part of all("#part-deadline, #part-letter")) part.textContent = "";
    told = "";
    sessionStorage.removeItem(NOTE);
    answer.textContent = "";
    asked = noted = "";
    corrections = {};
    say("");
    question.focus();
  });

  // ---- The server: everything goes by POST, so that no words stand in an address or a log.
  async function send(address, more = {}, signal = undefined, only = null) {
    const fields = new URLSearchParams(new FormData(call));
    for (const name of new Set(fields.keys())) if (name.startsWith("known-") || (only && !only.includes(name))) fields.delete(name);
    fields.set("call", told);
    for (const [name, value] of Object.entries(corrections)) {
      fields.set(`known-${name}`, value);
      fields.append("corrected", name);
    }
    for (const [name, value] of Object.entries(more)) fields.set(name, value);
    const sent = await fetch(address, { method: "POST", body: fields, signal, headers: { Accept: "text/x-part" } });
    const text = await sent.text();
    if (sent.ok) return text;
    let reason = "That did not work. Please try again.";
    try { reason = JSON.parse(text).error; } catch { /* not ours: what is said above is all there is to say */ }
    throw new Error(reason);
  }

  let timer = 0;
  let running = null;
  let asked = ""; // what the answer on the screen is to
  let noted = ""; // the last question that is in the note
  let corrections = {}; // facts as the adviser has set them since then, by name
  const typedByHand = new Set(); // fields of the tools that the adviser has filled: no answer changes them
  for (const field of all(".facts select, .facts input")) field.addEventListener("input", () => typedByHand.add(field.id));

  // Fill the tools with what is told: facts, a date and what it is of.
  function fillTools() {
    const heard = find("#heard", answer);
    if (!heard) return;
    const known = Object.entries(JSON.parse(heard.dataset.facts)).map(([name, value]) => [`fact-${name}`, value]);
    for (const [id, value] of [...known, ["date", heard.dataset.day], ["limit", heard.dataset.limit]]) {
      const field = document.getElementById(id);
      if (value && field && !typedByHand.has(id)) field.value = value;
    }
  }

  async function ask(more = {}) {
    clearTimeout(timer);
    running?.abort();
    running = new AbortController();
    const text = question.value.trim();
    if (!text && !more.pick) { answer.textContent = ""; asked = ""; return; }
    try {
      answer.innerHTML = await send("/helpline/answer", more, running.signal, ["csrf", "q"]);
      asked = text;
      fillTools();
      say("");
      const first = find("[data-kind=urgent] h2, article h2, [data-kind=unsure] h2", answer);
      speak(first ? first.textContent.trim().replace(/\s+/g, " ") : "");
    } catch (error) {
      if (error.name !== "AbortError") say(error.message);
    }
  }
  question.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  if (question.value.trim()) timer = setTimeout(ask, PAUSE); // typed before this script was there
  question.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (question.value.trim() !== asked) await ask();
    if (question.value.trim() !== asked) return; // no answer to this came: what is on the screen is to something else
    noteQuestion(...all("[data-note][data-key=a]", answer).map((button) => button.dataset.note));
    question.select();
  });
  answer.addEventListener("change", (event) => {
    if (event.target.dataset.correct === undefined) return;
    corrections[event.target.name.replace("known-", "")] = event.target.value;
    const shown = find("article[data-answer]", answer)?.dataset.answer;
    ask(question.value.trim() || !shown ? {} : { pick: shown });
  });
  function noteQuestion(...lines) {
    const text = asked.replace(/\s+/g, " "); // not what is being typed: what the answer on the screen is to
    const first = text && text !== noted ? `Asked: ${text}` : "";
    if (text) noted = text;
    const heard = find("#heard", answer);
    if (heard) { // what was typed before counts from here on
      told = find("input[name=call]", answer).value;
      corrections = {};
      subject.value ||= heard.dataset.subject;
    }
    addToNote(first, ...lines);
  }

  // ---- The map, letters, time limits: a part of the page comes anew and is brought into view.
  function openTool(element) {
    element.closest(".tool").open = true;
    element.focus();
  }
  async function showPart(button) {
    const part = find(`#part-${button.dataset.part}`);
    try {
      part.innerHTML = await send(button.getAttribute("formaction"), button.name ? { [button.name]: button.value } : {});
      say("");
    } catch (error) {
      return say(error.message);
    }
    const known = JSON.parse(find("[data-facts]", part)?.dataset.facts ?? "{}");
    for (const [name, value] of Object.entries(known)) find(`#fact-${name}`).value = value;
    part.closest(".tool").open = true;
    const heading = find("[tabindex='-1']", part) ?? part;
    heading.focus();
    heading.scrollIntoView({ block: "nearest" });
  }

  // ---- A note that has been saved: without names, as it is kept; its reference is copied.
  async function shownAsSaved(sent) {
    if (noteNow() === sent) note.value = `${find("[data-note-kept]", status).dataset.noteKept}\n`;
    saved = noteNow();
    keepNote();
    try {
      await copy(find("[data-copy-now]", status).dataset.copyNow);
      find("#copied").textContent = " (copied)";
    } catch { /* the browser does not let us: it can be read there */ }
  }

  // ---- Buttons.
  async function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const box = document.createElement("textarea"); // without https there is no clipboard to write to
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button || button.dataset.file !== undefined) return;
    const { note: line, copy: text, copyFrom, asked: reply, begin } = button.dataset;
    if (begin !== undefined) {
      addToNote(begin);
      note.value = `${note.value.trimEnd()} `;
      note.focus();
      note.setSelectionRange(note.value.length, note.value.length);
    } else if (line !== undefined) {
      event.preventDefault();
      if (button.name === "add") noteQuestion(line);
      else addToNote(line);
    } else if (text !== undefined || copyFrom) {
      await copy(text ?? find(`#${copyFrom}`).value);
      say(`Copied: ${button.dataset.copied}`);
    } else if (button.dataset.part) {
      event.preventDefault();
      await showPart(button);
    } else if (button.dataset.limit) {
      find("#limit").value = button.dataset.limit;
      openTool(find("#limit"));
    } else if (button.name === "pick") {
      event.preventDefault();
      if (reply) addToNote(`Caller: ${reply}`);
      await ask({ pick: button.value });
      answer.focus();
    } else if (button.getAttribute("formaction") === "/helpline/report" || button.getAttribute("formaction") === "/helpline/notes") {
      event.preventDefault();
      const more = button.name ? { [button.name]: button.value } : {};
      const sent = noteNow();
      try {
        status.innerHTML = await send(button.getAttribute("formaction"), more);
        if (find("[data-note-kept]", status)) await shownAsSaved(sent);
      } catch (error) {
        say(error.message);
      }
      const menu = button.closest("details");
      if (menu) { menu.open = false; find("summary", menu).focus(); }
    } else if (button.form === call && !button.hasAttribute("formaction")) {
      event.preventDefault();
      ask();
    }
  });
})();
