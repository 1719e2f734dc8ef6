/* SEND Guide for web pages: one custom element, <send-guide>.

   <script src="https://guide.example.gov.uk/send-guide.js" defer></script>

   puts a button in the corner of the page. <send-guide inline></send-guide> puts the chat at that place instead.
   Attributes: `label` (of the button), `exit` (where "Leave quickly" goes), `server` (where the guide is, if not
   where this script comes from), `theme` (light, dark or auto). The same as data-label and so on of the script element.

   No cookies, nothing from elsewhere, nothing of what is said in an address. What the server and people say is only
   ever set as text. The conversation's token, and what is written but not sent, are kept in this tab's sessionStorage and
   nowhere else. */
(() => {
  "use strict";

  const SCRIPT = document.currentScript;
  const KEY = "send-guide";
  const WAITS = [1, 2, 4, 8, 15, 15]; // seconds before a message that was lost is sent again
  const TIMEOUT = 25; // seconds for one try
  const NARROW = "(max-width: 40em), (max-height: 30em)"; // the chat fills the window: a phone, 400 % zoom
  const SIZES = [1, 1.25, 1.5, 2];
  const EXAMPLES = ["Can I ask for an EHC plan myself?", "What do governors have to do?", "I want to speak to a person"];
  const HELLO = "I am a machine, not a person.\nAsk about help at school or college.\nIt is private. Please leave out names.";
  const LEAVING = "“Leave quickly” deletes this conversation and goes to another website at once.";
  const SHIFT = "Shift pressed three times does the same.";
  const CODE = "#code="; // behind it nothing reaches a server or its log
  const TO_CHOICES = "Arrow up in the empty box goes to the choices.";
  const SLOW = 400; // milliseconds before it is said that the guide is writing: most answers are there before
  const SHIFTS = 5; // seconds between one press of Shift and the next

  // against the page's own !important rules; the size of letters is what the person has chosen in the browser
  const STYLE = `
    :host { all: initial !important; display: block !important; }
    .root { color-scheme: light; --paper: #fff; --ink: #1c2127; --quiet: #4a545e; --line: #6b7680; --soft: #eef3f6;
      --brand: #17506b; --on-brand: #fff; --link: #17507a; --note: #fff4d6; --note-line: #b45f00; --danger: #a3121f;
      --on-danger: #fff; --danger-soft: #fdeced; --focus: #b45f00; }
    .root.dark { color-scheme: dark;
      --paper: #14181c; --ink: #eceff2; --quiet: #b9c3cc; --line: #8b97a2; --soft: #222a31; --brand: #0f3c52;
      --on-brand: #fff; --link: #8fc8f0; --note: #3a3114; --note-line: #ffc46b; --danger: #ffb3b8;
      --on-danger: #2b0508; --danger-soft: #3d161a; --focus: #ffc46b; }
    *, *::before, *::after { box-sizing: border-box; }
    [hidden] { display: none !important; }
    .root { font: calc(1em * var(--size, 1))/1.5 system-ui, -apple-system, "Segoe UI", Roboto,
      "Helvetica Neue", Arial, sans-serif; color: var(--ink); overflow-wrap: anywhere; text-align: left; }
    h2, h4, h5, p, ol, ul { margin: 0 0 .5em; }
    h2 { font-size: 1.25em; line-height: 1.15; }
    h4, h5 { font-size: 1.125em; line-height: 1.3; }
    h5 { font-size: 1em; }
    ul { padding-left: 1.25em; list-style: disc; }
    ul ul { list-style: circle; }
    a { color: var(--link); text-underline-offset: .15em; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }

    button, summary { font: inherit; font-weight: 600; min-height: 44px; max-width: 100%; padding: .25em .75em;
      border: 2px solid var(--line); border-radius: 4px; background: var(--paper); color: var(--link);
      text-align: left; cursor: pointer; }
    button.main { background: var(--brand); border-color: var(--brand); color: var(--on-brand); }
    button.danger { background: var(--danger); border-color: var(--danger); color: var(--on-danger); }
    button[aria-disabled="true"] { opacity: .75; cursor: default; }
    button[aria-checked="true"], button[aria-pressed="true"] { background: var(--brand); color: var(--on-brand); }
    button[aria-checked="true"]::before { content: "✓ "; }
    summary { width: fit-content; list-style-position: inside; display: list-item; }
    textarea, input { font: inherit; color: inherit; background: var(--paper); border: 2px solid var(--line);
      border-radius: 4px; padding: .375em .5em; width: 100%; min-height: 44px; resize: vertical; }
    label { font-weight: 600; display: block; }
    .row { display: flex; flex-wrap: wrap; gap: .5em; align-items: center; }
    .quiet { color: var(--quiet); }
    .unseen { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

    .opener { position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; box-shadow: 0 2px 8px #0006; }
    .panel { display: flex; flex-direction: column; background: var(--paper); color: var(--ink); padding: 0; margin: 0;
      border: 2px solid var(--brand); border-radius: 8px; width: 100%; }
    dialog.panel:not([open]) { display: none; }
    dialog.panel { position: fixed; inset: auto 16px 16px auto; z-index: 2147483000; width: min(30em, 100vw - 32px);
      max-width: none; height: min(46em, 100vh - 32px); height: min(46em, 100dvh - 32px); max-height: none;
      box-shadow: 0 4px 24px #0006; overflow: hidden; }
    .head { position: sticky; top: 0; z-index: 2; display: flex; gap: .375em; align-items: center; padding: .375em .75em;
      background: var(--brand); color: var(--on-brand); border-radius: 5px 5px 0 0; }
    .head h2 { margin: 0 auto 0 0; white-space: nowrap; }
    .head h2:focus { outline: none; } /* nobody tabs to it */
    .head :focus-visible { outline-color: #fff; }
    .head button, .head summary { white-space: nowrap; }
    .head summary { display: flex; align-items: center; }
    .head summary::-webkit-details-marker { display: none; }
    .cross { display: none; }
    .choose { position: absolute; top: 100%; left: 0; right: 0; padding: .75em; background: var(--paper); color: var(--ink);
      border-bottom: 2px solid var(--brand); box-shadow: 0 8px 16px #0004; max-height: calc(100vh - 64px);
      max-height: calc(min(var(--height, 100dvh), 46em) - 64px); overflow-y: auto; }
    .choose > div { display: flex; flex-wrap: wrap; gap: 0 1.25em; }
    .choose > div + div { margin-top: .25em; border-top: 1px solid var(--line); padding-top: .25em; }
    .choose p { flex-basis: 100%; margin: 0; font-size: .875em; }
    .choose button:not([aria-checked="true"]), .link { border-color: transparent; background: none; text-decoration: underline; }
    .head .choose button:not([aria-checked="true"]), .link { padding-left: 0; }
    .choose :focus-visible { outline-color: var(--focus); }
    .log { flex: 1 1 auto; min-height: 4em; position: relative; }
    dialog.panel .log { overflow-y: auto; overscroll-behavior: contain; }
    .notice { padding: .125em .75em; background: var(--note); font-size: .875em; margin: 0; }
    dialog.panel .notice { position: sticky; top: 0; z-index: 1; }
    .messages { list-style: none; padding: .75em; margin: 0; min-height: 6em; }
    .message { margin: 0 0 .75em; padding: .5em .75em; border-radius: 8px; background: var(--soft); border: 1px solid transparent;
      scroll-margin: 4.5em 0 5em; }
    .message > :last-child { margin-bottom: 0; }
    .hello { white-space: pre-line; }
    /* what an answer comes to */
    .message:not(.urgent) > .full:not(.note) > p:first-child { font-weight: 600; font-size: 1.125em; line-height: 1.35; }
    .message.person { margin-left: 15%; background: var(--paper); border-color: var(--line); white-space: pre-wrap; }
    .message:focus { outline: none; }
    .message:focus-visible { outline: 3px solid var(--focus); }
    .note { background: var(--note); border-left: 6px solid var(--note-line); padding: .5em .75em; margin: 0 0 .5em; }
    .note > :last-child { margin: 0; }
    .source, .progress { color: var(--quiet); font-size: .9375em; }
    .source strong { color: var(--ink); }
    .checks li { display: flex; gap: .5em; padding: .375em 0; border-top: 1px solid var(--line); }
    .checks .sign { flex: none; width: 1.25em; text-align: center; font-weight: 700; }
    .checks .at { background: var(--paper); }
    .letter > div > div { margin-bottom: .75em; }
    .letter .quiet { margin: 0; }
    .check { display: flex; gap: .5em; padding-top: .25em; }
    .check input { flex: none; align-self: start; width: 24px; min-height: 24px; }
    .check label { font-weight: 400; }
    .paper { padding: .75em; background: var(--paper); border: 1px solid var(--line); white-space: pre-wrap; }
    mark { background: var(--note); color: inherit; }
    .joined { margin-top: -.75em; border-top: 2px solid var(--line); border-radius: 0 0 8px 8px; }
    .day { display: block; font-size: 1.5em; }
    .part { display: block; }
    .urgent { background: var(--danger-soft); border: 2px solid var(--danger); border-left-width: 10px; }
    .plain { list-style: none; padding: 0; }
    .urgent .ring a { display: flex; align-items: end; width: fit-content; min-height: 44px; font-weight: 700; }
    .numbers > ul > li:first-child a { align-items: center; padding: 0 1em; border-radius: 4px; font-size: 1.25em; color: var(--on-danger); background: var(--danger); }
    .choices ul { display: grid; gap: .5em; margin: .75em 0; justify-items: start; }
    .beside li + li button { border-color: transparent; background: none; padding-left: 0; text-decoration: underline; }
    .beside ul { gap: 0; }
    .more { scroll-margin: 4.5em 0 5em; }
    .more > summary { border-color: transparent; padding: .5em .5em .5em 0; background: none; text-decoration: underline; }
    .more > :not(summary) { margin: .5em 0; }
    .easy { display: none; }
    .root.simple .easy { display: block; }
    .root.simple .full { display: none; }
    .status { padding: 0 .75em; margin: 0; color: var(--quiet); background: var(--paper); }
    .status:not(:empty) { padding: .25em .75em; }
    .status.problem { color: var(--danger); font-weight: 600; }
    .dots::after { content: " …"; }
    @media (prefers-reduced-motion: no-preference) { .dots::after { animation: dots 1.2s infinite; } }
    @keyframes dots { 50% { opacity: 0; } }
    .foot { position: sticky; bottom: 0; z-index: 1; background: var(--paper); border-radius: 0 0 6px 6px; }
    .ask { padding: .5em .75em .75em; border-top: 1px solid var(--line); }
    .ask .row { align-items: end; flex-wrap: nowrap; }
    .ask textarea { flex: 1 1 auto; min-width: 0; min-height: 4em; max-height: 30vh; resize: none; }
    .ask textarea::placeholder { color: transparent; white-space: nowrap; }
    .ask button { flex: none; }
    dialog.sure { border: 2px solid var(--line); border-radius: 8px; background: var(--paper); color: var(--ink); width: min(26em, 100vw - 16px); }
    .code { font-size: 1.5em; font-weight: 700; line-height: 1.3; user-select: all; }
    .error { color: var(--danger); font-weight: 600; }
    .error:empty { display: none; }
    dialog.sure .row { margin-top: .75em; }
    dialog::backdrop { background: #0008; }

    @media (max-width: 40em), (max-height: 30em) {
      /* as high as what is to be seen: above a keyboard on the screen, too */
      dialog.panel { inset: 0; top: var(--top, 0); width: 100%; height: 100vh; height: var(--height, 100dvh);
        border: 0; border-radius: 0; overflow-y: auto; }
      .head { border-radius: 0; padding: 1px .5em; font-size: calc(.9375em / var(--size, 1)); }
      .head h2 { font-size: 1em; white-space: normal; }
      .head button, .head summary { padding: .25em .5em; }
      .head .word { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      .cross { display: block; min-width: 1.5em; text-align: center; font-size: 1.25em; line-height: 1; }
      .notice { font-size: calc(.875em / var(--size, 1)); padding: 0 .5em; }
      .messages { padding: .5em; }
      .message.person { margin-left: 2em; }
      .ask { padding: 4px .5em; }
      .ask label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      .ask textarea { min-height: 44px; }
      .ask textarea::placeholder { font-size: calc(1em * min(1, 1.25 / var(--size, 1))); }
      .ask button { font-size: calc(1em * min(1, 1.25 / var(--size, 1))); }
      .ask textarea::placeholder { color: var(--quiet); opacity: 1; }
      .choices ul { justify-items: stretch; }
    }
    @media (max-width: 22em) {
      .head { flex-wrap: wrap; }
      .head h2 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    }
    @media (max-height: 30em) { dialog.panel .notice { position: static; } }
    @media (forced-colors: active) {
      .message, .note, .head, .notice { border: 1px solid CanvasText; }
      .urgent { border-width: 4px; }
      button[aria-checked="true"], button[aria-pressed="true"], button.main { border-width: 4px; forced-color-adjust: auto; }
    }
    @media print { .opener, .ask, .choices, .more, .head button, .head details { display: none; } }
  `;

  /* ---- making elements: text is always text ---- */

  function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (typeof value === "function") element.addEventListener(name, value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  const button = (words, click, properties = {}) => make("button", { type: "button", click, ...properties }, words);

  /** A link, if it goes where a link of ours may go; else its words. */
  function link(text, href) {
    if (!/^(https?:\/\/|mailto:|tel:|sms:)/.test(href || "")) return text;
    const away = href.startsWith("http") ? { target: "_blank", rel: "noopener noreferrer" } : {};
    return make("a", { href, ...away }, text);
  }

  /** What is behind a word, and comes into view with it: below the fold nothing would seem to have happened. */
  const disclosure = (properties, ...inside) => make("details", { class: "more", toggle: ({ target }) => { if (target.open) target.scrollIntoView({ block: "nearest" }); }, ...properties }, ...inside);

  const pieces = (line) => line.pieces.map((piece) => (piece.href ? link(piece.text, piece.href) : piece.text));

  const SIGNS = { Done: "✓", "Left out": "–", Now: "→", Next: "○" };

  const LABEL = /^(Who|Say or write|Keep|What to expect|What the rules say|Next):/;

  /** A part of a step under its heading: who, what to say, what to keep. */
  function parts(lines) {
    return lines.map((line) => {
      const [label] = LABEL.exec(line.pieces[0].text) || [];
      if (!label) return make("p", {}, ...pieces(line));
      const [first, ...others] = line.pieces;
      const rest = { pieces: [{ ...first, text: first.text.slice(label.length).trimStart() }, ...others] };
      return make("p", {}, make("strong", { class: "part" }, label), ...pieces(rest));
    });
  }

  function paragraphs(lines) {
    const made = [];
    for (const line of lines) {
      if (!line.item) made.push(make("p", {}, ...pieces(line)));
      else {
        if (!made.length || made[made.length - 1].localName !== "ul") made.push(make("ul"));
        made[made.length - 1].append(make("li", {}, ...pieces(line)));
      }
    }
    return made;
  }

  /** Steps with how each stands: its word says it, the sign before it only repeats that. */
  function checklist(steps) {
    return make("ul", { class: "plain checks", role: "list" }, ...steps.map(({ mark, text }) =>
      make("li", { class: mark === "Now" ? "at" : null }, make("span", { class: "sign", "aria-hidden": "true" }, SIGNS[mark]), make("span", {}, make("strong", {}, `${mark}: `), text))));
  }

  /** A blank of a letter, or a note that can be left out. */
  function field(blank, value, change) {
    const id = `blank-${newId()}`;
    if (blank.kind === "note") {
      const out = make("input", { id, type: "checkbox", change: () => change(out.checked ? "" : null) });
      out.checked = value === "";
      return make("div", { class: "check" }, out, make("label", { for: id }, `Leave out this note: ${blank.label}`));
    }
    const hint = blank.hint ? make("p", { id: `${id}-hint`, class: "quiet" }, blank.hint) : null;
    const box = make(blank.kind === "lines" ? "textarea" : "input", { id, autocomplete: "off", "aria-describedby": hint?.id, input: () => change(box.value.trim() || null) });
    box.value = value ?? "";
    return make("div", {}, make("label", { for: id }, blank.label), hint, box);
  }

  const plain = (lines) =>
    lines.map((line) => (line.item ? "- " : "") + line.pieces.map((piece) => piece.text).join("")).join("\n");

  const UNSURE = "not confirmed: check before you rely on it";

  function contacts(all) {
    return make("ul", {}, ...all.map((contact) => {
      const unsure = contact.ways.every((way) => !way.confirmed); // then it is said once
      const named = new Map(); // several numbers of one kind stand behind one name
      for (const way of contact.ways) {
        const shown = [way.href ? link(way.text, way.href) : way.text, way.confirmed || unsure ? "" : ` (${UNSURE})`];
        named.set(way.name, named.has(way.name) ? [...named.get(way.name), " or ", ...shown] : shown);
      }
      const ways = [...named].map(([name, shown]) => make("li", {}, `${name}: `, ...shown));
      return make("li", {}, make("strong", {}, contact.name), `. ${contact.helps_with}${unsure ? ` (${UNSURE})` : ""}`, make("ul", {}, ...ways));
    }));
  }

  /* ---- the server ---- */

  class Problem extends Error {
    /** `again`: seconds after which another try makes sense, or null. */
    constructor(status, words, again) {
      super(words);
      this.status = status;
      this.again = again;
    }
  }

  const LOST = "The connection was lost.";

  /** What the server sends as a file, under the name that it gave it. */
  async function file(answer) {
    const [, name] = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "") || [];
    return new File([await answer.blob()], name || "send-guide", { type: answer.headers.get("Content-Type") || "" });
  }

  async function call(server, token, method, path, body, keepalive = false) {
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT * 1000);
    try {
      const answer = await fetch(server + path, {
        method, headers, keepalive, signal: stop.signal, body: body ? JSON.stringify(body) : undefined,
        credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store",
      });
      if (answer.ok) return await (/json/.test(answer.headers.get("Content-Type")) ? answer.json() : file(answer));
      // 502 and 504 are a door with no server behind it; ours says when to come again
      const wait = Number(answer.headers.get("Retry-After")) || ([502, 504].includes(answer.status) ? 1 : null);
      const said = await answer.json().catch(() => ({}));
      throw new Problem(answer.status, said.error || LOST, wait);
    } catch (error) {
      throw error instanceof Problem ? error : new Problem(0, LOST, 1);
    } finally {
      clearTimeout(timer);
    }
  }

  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");

  /** Wait, or less where the browser says that it is connected again. */
  const pause = (seconds) => new Promise((done) => {
    const timer = setTimeout(done, seconds * 1000);
    window.addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });

  /** What this tab remembers: nothing where the browser keeps nothing. */
  const memory = {
    read() { try { return JSON.parse(sessionStorage.getItem(KEY)) || {}; } catch { return {}; } },
    write(kept) { try { sessionStorage.setItem(KEY, JSON.stringify(kept)); } catch { /* goes on without */ } },
    clear() { try { sessionStorage.removeItem(KEY); } catch { /* nothing was kept */ } },
  };

  function save(kept) {
    const address = URL.createObjectURL(kept);
    make("a", { href: address, download: kept.name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }

  /** Hand a link to the device's own way of sending, or copy it; return what there is to tell. */
  async function passOn(url) {
    if (navigator.share) return navigator.share({ title: "SEND Guide", url }).then(() => "", () => ""); // told by the device
    return (await copy(url)) ? "The link is copied. Send it to yourself." : "Copying did not work here. Please write down the words.";
  }

  const DARK = matchMedia("(prefers-color-scheme: dark)");
  const touch = () => matchMedia("(pointer: coarse)").matches;
  const can = { speak: "speechSynthesis" in window && "SpeechSynthesisUtterance" in window };

  /* ---- the element ---- */

  const counted = (number) => `${number} ${number === 1 ? "choice" : "choices"}`;

  class SendGuide extends HTMLElement {
    static observedAttributes = ["theme"];
    static parts = { link, paragraphs, parts, plain, contacts }; // for tests: what is made of a reply, and nothing else

    connectedCallback() {
      if (this.shadowRoot) return;
      this.server = this.setting("server") || (SCRIPT ? new URL(SCRIPT.src).origin : location.origin);
      this.kept = memory.read();
      this.messages = [];
      this.names = new Map();
      this.shifts = 0;
      this.busy = false;
      this.build();
      this.listens();
      this.coloured();
      this.resize(0);
      this.simpler(Boolean(this.kept.simple));
      this.write(this.kept.draft || "");
      if (this.inline) {
        this.restore();
        this.cameByLink();
      } else if (this.kept.open) this.open(false);
    }

    attributeChangedCallback() { if (this.root) this.coloured(); }

    /** What is heard outside of the widget's own elements. */
    listens() {
      document.addEventListener("keydown", (event) => this.keyDown(event));
      document.addEventListener("keyup", (event) => this.keyUp(event));
      DARK.addEventListener("change", () => this.coloured());
      window.addEventListener("pagehide", () => { if (this.kept.token) this.keep({ at: this.log.scrollTop }); });
      if (this.inline) return;
      window.addEventListener("popstate", () => this.wentBack());
      window.visualViewport?.addEventListener("resize", () => this.fit());
      window.visualViewport?.addEventListener("scroll", () => this.fit());
    }

    /** Light unless the page asks for dark, or for what the person has chosen: a dark box stands out on a light page. */
    coloured() {
      const theme = this.setting("theme");
      this.root.classList.toggle("dark", theme === "dark" || (theme === "auto" && DARK.matches));
    }

    /** As high as what can be seen: a keyboard on the screen makes it less, pinching does not. */
    fit() {
      const { height, offsetTop, scale } = window.visualViewport;
      if (scale > 1.01) return;
      this.panel.style.setProperty("--height", `${height}px`);
      this.panel.style.setProperty("--top", `${offsetTop}px`);
    }

    get inline() { return this.hasAttribute("inline"); }

    setting(name) { return this.getAttribute(name) || SCRIPT?.getAttribute(`data-${name}`) || ""; }

    keep(changes) {
      Object.assign(this.kept, changes);
      memory.write(this.kept);
    }

    /* -- what is on the page -- */

    build() {
      const shadow = this.attachShadow({ mode: "open" });
      if ("adoptedStyleSheets" in Document.prototype && "replaceSync" in CSSStyleSheet.prototype) {
        const sheet = new CSSStyleSheet(); // no style in the page: the host's policy may forbid it
        sheet.replaceSync(STYLE);
        shadow.adoptedStyleSheets = [sheet];
      } else shadow.append(make("style", {}, STYLE));

      this.notice = make("p", { class: "notice" }, "Not legal advice. In danger? Ring ", link("999", "tel:999"), ".");
      this.list = make("ol", { class: "messages", role: "list" }); // without bullets Safari takes it for no list
      this.log = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": "Conversation", tabindex: "0" }, this.notice, this.list);
      this.status = make("p", { class: "status", role: "status" });
      this.text = make("textarea", { id: "text", rows: "1", placeholder: "Your question", "aria-keyshortcuts": "ArrowUp", "aria-describedby": "to-choices", keydown: (event) => this.key(event), input: () => this.typed() });
      this.sendButton = make("button", { class: "main" }, "Send");
      const ask = make("form", { class: "ask", submit: (event) => { event.preventDefault(); this.submit(); } },
        make("label", { for: "text" }, "Your question"), make("p", { id: "to-choices", hidden: true }, TO_CHOICES), make("div", { class: "row" }, this.text, this.sendButton));
      this.heading = make("h2", { id: "name", tabindex: "-1" }, "SEND Guide");
      const leave = button("Leave quickly", () => this.leave(), { "aria-describedby": "leaving", "aria-keyshortcuts": "Shift+Shift+Shift" });
      const close = this.inline ? null : make("button", { type: "button", click: () => this.close() }, make("span", { class: "word" }, "Close"), make("span", { class: "cross", "aria-hidden": "true" }, "×"));
      const inside = [make("div", { class: "head" }, this.heading, leave, this.options(), close), this.log, make("div", { class: "foot" }, this.status, ask)];
      this.panel = make(this.inline ? "section" : "dialog", { class: "panel", "aria-labelledby": "name" }, ...inside);
      this.root = make("div", { class: "root", lang: "en-GB", click: (event) => { if (!event.composedPath().includes(this.menu)) this.menu.open = false; } });
      if (!this.inline) {
        this.opener = button(this.setting("label") || "Ask the SEND guide", () => this.open(), { class: "opener main", "aria-haspopup": "dialog" });
        this.root.append(this.opener);
        this.panel.addEventListener("close", () => this.closed());
        // Back, where the browser lets it close a dialog
        this.panel.addEventListener("cancel", (event) => { if (this.menu.open) { event.preventDefault(); this.menu.open = false; } });
      }
      this.root.append(this.panel, this.confirmation());
      shadow.append(this.root);
      this.hello();
    }

    options() {
      this.simple = button("Simpler words", () => this.simpler(!this.kept.simple), { role: "switch", "aria-checked": "false" });
      const once = (words, does) => button(words, () => { this.menu.open = false; does(); });
      const group = (name, ...tools) => make("div", { role: "group", "aria-label": name }, make("p", { class: "quiet", "aria-hidden": "true" }, name), ...tools);
      const tools = [
        group("Reading", button("Larger text", () => this.resize(1)), button("Smaller text", () => this.resize(-1)), this.simple),
        group("This conversation",
          once("Copy all", () => this.copyAll()), once("Print", () => this.print(this.transcript())),
          once("Download", () => save(new File(["\ufeff", this.transcript()], "send-guide-conversation.txt", { type: "text/plain" }))),
          once("Come back on another device", () => this.takeAlong())),
        group("When you are done", once("End and delete", () => this.sure.showModal())),
      ];
      this.menu = make("details", { class: "options" }, make("summary", {}, "Menu"), make("div", { class: "choose" }, ...tools));
      return this.menu;
    }

    confirmation() {
      this.sure = make("dialog", { class: "sure", "aria-labelledby": "sure" },
        make("h2", { id: "sure" }, "End and delete this conversation?"),
        make("p", {}, "Everything you wrote and every answer will be deleted. This cannot be undone."),
        make("div", { class: "row" },
          button("Yes, delete it", () => { this.sure.close(); this.end(); }, { class: "danger" }),
          button("No, go back", () => this.sure.close(), { autofocus: true })));
      return this.sure;
    }

    /** A dialog that is there until it is closed. */
    dialog(title, ...inside) {
      const id = newId();
      const made = make("dialog", { class: "sure", "aria-labelledby": id, close: () => made.remove() }, make("h2", { id }, title), ...inside);
      this.root.append(made);
      made.showModal();
      return made;
    }

    /** Show four words that bring this back on another device. */
    async takeAlong() {
      const { kept } = this;
      this.tell("Getting your code", false, true);
      try {
        const { code, spoken } = await this.untilAnswered(async () => {
          await this.begin();
          return call(this.server, this.kept.token, "POST", "/chat/return-code", {});
        });
        if (this.kept !== kept) return;
        this.tell("");
        const copied = make("p", { role: "status" });
        const made = this.dialog("Come back on another device",
          make("p", {}, "Write down these four words:"), make("p", { class: "code" }, code),
          make("p", {}, `Until ${spoken} they bring back your steps and what the guide has understood, once, and none of your words. Whoever has them can use them.`),
          make("p", {}, "On the other device open the chat and choose “I have a code”. If you go on here first, get a new code then."), copied,
          make("div", { class: "row" },
            button("Copy the words", async () => { copied.textContent = (await copy(code)) ? "The words are copied." : "Copying did not work here. Please write them down."; }, { class: "main" }),
            button("Send me a link", async () => { copied.textContent = await passOn(`${this.server}/chat${CODE}${code.replaceAll(" ", "-")}`); }),
            button("Done", () => made.close(), { autofocus: true })));
      } catch (problem) {
        if (this.kept === kept) this.tell(problem.message, true);
      }
    }

    /** Go on where a link of one's own leads to: its code is taken out of the address, and used once it is agreed to. */
    cameByLink() {
      if (!location.hash.startsWith(CODE)) return;
      const words = location.hash.slice(CODE.length).replaceAll("-", " ");
      history.replaceState(history.state, "", location.pathname + location.search);
      this.comeBack(words);
    }

    /** Ask for the four words, and go on where they lead to. */
    comeBack(words = "") {
      const { kept } = this;
      const id = newId(); // one press or several: the code is used once
      let sent = false;
      const code = make("input", { id: "code", autocomplete: "off", autocapitalize: "none", spellcheck: "false", maxlength: "200", required: true, "aria-describedby": "wrong" });
      code.value = words;
      const wrong = make("p", { id: "wrong", class: "error", role: "alert" });
      const made = this.dialog("Go on where you were", make("form", { submit: async (event) => {
        event.preventDefault();
        if (sent) return;
        sent = true;
        const body = { id, code: code.value };
        try {
          const { replies } = await this.untilAnswered(async () => {
            await this.begin();
            return call(this.server, this.kept.token, "POST", "/chat/return", body);
          });
          if (this.kept !== kept) return;
          made.close();
          this.tell("");
          this.hasMain = false;
          const before = this.list.childElementCount;
          for (const reply of replies) this.showGuide(reply);
          const first = this.list.children[before].firstChild;
          first.tabIndex = -1;
          first.focus({ preventScroll: true });
          this.bring(first);
        } catch (problem) {
          wrong.textContent = problem.message;
          code.setAttribute("aria-invalid", "true");
          code.focus();
        } finally {
          sent = false;
        }
      } }, make("label", { for: "code" }, "Your four words"), code, wrong,
        make("div", { class: "row" }, make("button", { class: "main" }, "Go on"), button("Go back", () => made.close()))));
    }

    hello() {
      this.log.setAttribute("aria-live", "off"); // what stands there from the beginning is no news
      const examples = EXAMPLES.map((words) => make("li", {}, button(words, () => this.say({ text: words }))));
      const choices = make("div", { class: "choices" }, make("ul", { class: "plain", role: "list", "aria-label": "Examples" }, ...examples));
      this.list.replaceChildren(this.article("", "Guide said", make("p", { class: "hello" }, HELLO), choices, make("p", {}, button("I have a code", () => this.comeBack(), { class: "link" })),
        make("p", { class: "quiet", id: "leaving" }, touch() ? LEAVING : `${LEAVING} ${SHIFT} ${TO_CHOICES}`)));
      this.listen();
    }

    /** Announce what is added from now on. */
    listen() { setTimeout(() => this.log.setAttribute("aria-live", "polite"), 500); }

    say(message) {
      if (this.busy) return this.tell("Please wait for the answer to your last message.");
      const sent = { id: newId(), ...message };
      this.keep({ pending: sent });
      this.log.setAttribute("aria-live", "polite");
      const bubble = this.showPerson(sent.title || sent.text);
      this.scrollTo(bubble);
      // a keyboard on a screen would cover the answer; else whoever types goes on typing
      if (sent.choice || !this.shadowRoot.activeElement || touch() || this.shadowRoot.activeElement.localName !== "textarea") bubble.focus({ preventScroll: true });
      return this.deliver(sent, bubble);
    }

    submit() {
      const text = this.text.value.trim();
      if (!text) {
        this.text.setAttribute("aria-invalid", "true");
        return this.tell("Write your question first.", true);
      }
      if (this.busy) return this.tell("Please wait for the answer to your last message.");
      this.write("");
      return this.say({ text });
    }

    /** Set what stands in the box. */
    write(text) {
      this.text.value = text;
      this.typed();
    }

    typed() {
      this.keep({ draft: this.text.value });
      this.text.style.height = "auto";
      if (this.text.scrollHeight) this.text.style.height = `${this.text.scrollHeight + 4}px`; // and its edges
      if (!this.text.value || !this.text.hasAttribute("aria-invalid")) return;
      this.text.removeAttribute("aria-invalid");
      this.tell("");
    }

    /** Arrow up goes to the newest choices. Enter sends, but for who has no other key for a new line, and for an input method that takes it itself. */
    key(event) {
      if (event.key === "ArrowUp" && !this.text.value) {
        const choices = [...this.list.querySelectorAll(".choices")].pop();
        if (choices) event.preventDefault();
        choices?.querySelector("button").focus();
      }
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || touch()) return;
      event.preventDefault();
      this.submit();
    }

    /** Escape closes it from anywhere on the page, so that it never stays over what has the focus. */
    keyDown(event) {
      this.shiftAlone = event.key === "Shift";
      if (!this.shiftAlone) this.shifted(0);
      if (event.key !== "Escape" || this.inline || !this.panel.open || this.root.querySelector("dialog.sure[open]")) return;
      event.preventDefault(); // else the browser closes the dialog as well
      if (this.menu.open) this.menu.open = false;
      else this.close();
    }

    /** Shift three times leaves, as on other public websites; with another key in between it only writes capitals. */
    keyUp(event) {
      if (event.key !== "Shift" || !this.shiftAlone || !(this.inline || this.panel.open)) return;
      const pressed = this.shifts + 1;
      if (pressed === 3) this.leave();
      else this.shifted(pressed);
    }

    shifted(times) {
      clearTimeout(this.shiftTimer);
      if (times) {
        this.tell(`Shift: press it ${times === 1 ? "twice" : "once"} more to leave.`);
        this.shiftTimer = setTimeout(() => this.shifted(0), SHIFTS * 1000);
      } else if (this.shifts) this.tell("");
      this.shifts = times;
    }

    /** Send a message until it is answered. It has a name: whatever is lost, it is answered once. */
    async deliver(sent, bubble) {
      const { kept } = this; // another one once the conversation is ended or left: nothing is sent or shown after that
      this.setBusy(true);
      this.tell("");
      this.later("The guide is writing");
      try {
        const { replies } = await this.untilAnswered(async () => {
          await this.begin();
          if (this.kept !== kept) throw new Problem(410, "", null);
          return call(this.server, this.kept.token, "POST", "/chat/messages", sent.choice ? { id: sent.id, choice: sent.choice } : { id: sent.id, text: sent.text });
        });
        if (this.kept !== kept) return;
        this.tell("");
        this.keep({ pending: null });
        for (const reply of replies) this.showGuide(reply);
        this.retire();
      } catch (problem) {
        if (this.kept === kept) this.failed(problem, sent, bubble);
      } finally {
        clearTimeout(this.slow);
        this.setBusy(false);
        if (bubble.isConnected) this.scrollTo(bubble);
      }
    }

    async untilAnswered(ask) {
      const { kept } = this;
      let renewed = false;
      for (let tries = 0; ; tries += 1) {
        try {
          return await ask();
        } catch (problem) {
          if (this.kept !== kept) throw problem;
          if ([401, 410].includes(problem.status) && !renewed) {
            renewed = true; // over its time, or deleted elsewhere: a new one, and the person is told
            this.keep({ token: null });
            this.showNote("Your earlier conversation has ended. This is a new one.");
            continue;
          }
          if (problem.again === null || problem.status === 429 || tries >= WAITS.length) throw problem;
          this.tell(`${LOST} Trying again`, true, true);
          await pause(WAITS[tries]);
          if (this.kept !== kept) throw problem;
        }
      }
    }

    failed(problem, sent, bubble) {
      const gone = ![0, 502, 503, 504].includes(problem.status);
      if (gone) {
        this.keep({ pending: null });
        if (sent.text && !this.text.value) this.write(sent.text); // nothing that was typed is lost
      }
      this.tell(problem.message, true);
      if (!gone) {
        const again = button("Try again", () => { again.remove(); this.text.focus(); this.deliver(sent, bubble); });
        bubble.append(again);
      }
    }

    async begin() {
      if (this.kept.token) return;
      const { kept } = this;
      const begun = await call(this.server, null, "POST", "/chat/conversations", {});
      if (this.kept !== kept) return;
      this.keep({ token: begun.token });
    }

    /** Show what was said in this tab before the page was loaded anew. */
    async restore() {
      if (!this.kept.token || this.restored || this.messages.length) return;
      this.restored = true;
      this.setBusy(true);
      this.later("Getting your conversation");
      try {
        const { pending } = this.kept;
        if (pending) {
          const body = pending.choice ? { id: pending.id, choice: pending.choice } : { id: pending.id, text: pending.text };
          await call(this.server, this.kept.token, "POST", "/chat/messages", body).catch((problem) => { if (problem.again !== null) throw problem; });
        }
        const { messages } = await call(this.server, this.kept.token, "GET", "/chat/messages");
        this.keep({ pending: null });
        this.log.setAttribute("aria-live", "off");
        for (const message of messages) message.from === "person" ? this.showPerson(message.text) : this.showGuide(message);
        this.retire();
        this.tell("");
        const said = this.lastSaid();
        if (pending || !this.kept.at) { if (said) this.scrollTo(said); }
        else this.log.scrollTop = this.kept.at;
        this.listen();
      } catch (problem) {
        if ([401, 410].includes(problem.status)) {
          this.keep({ token: null, pending: null });
          this.showNote("Your earlier conversation has ended. You can start a new one.");
        } else {
          this.restored = false;
          this.tell(problem.message, true);
          this.status.append(" ", button("Try again", () => { this.tell(""); this.text.focus(); this.restore(); }));
        }
      } finally {
        clearTimeout(this.slow);
        this.setBusy(false);
      }
    }

    async end() {
      this.kept = { ...this.kept, pending: null }; // what is on its way stops here
      const { token } = this.kept;
      const unknown = (problem) => { if (problem.status === 401) return true; throw problem; };
      let refused = false;
      try {
        if (token) refused = await this.untilAnswered(() => call(this.server, token, "DELETE", "/chat/conversation").then(() => false, unknown));
      } catch (problem) {
        return this.tell(`It could not be deleted: ${problem.message} Please try again.`, true);
      }
      this.forget();
      this.hello();
      if (refused) this.tell("This page has forgotten your conversation, but the guide could not delete its copy: it does not know this page any more.", true);
      else this.tell("Your conversation has been deleted.");
      this.text.focus();
    }

    forget() {
      if (can.speak) speechSynthesis.cancel();
      memory.clear();
      this.kept = { simple: this.kept.simple, size: this.kept.size };
      this.messages = [];
      this.names.clear();
      this.text.value = "";
    }

    /** Go elsewhere at once, in place of this page; the conversation is deleted behind the person's back. */
    leave() {
      const { token } = this.kept;
      const to = this.setting("exit") || "https://www.bbc.co.uk/weather";
      if (token) call(this.server, token, "DELETE", "/chat/conversation", null, true).catch(() => {});
      this.forget();
      this.list.replaceChildren();
      this.root.hidden = true;
      this.goTo(to);
    }

    /** Replace the page in the history, and the entry of the open chat first: Back from there leads to neither. */
    goTo(address) {
      if (this.inline || !history.state?.sendGuide) return location.replace(address);
      const go = () => location.replace(address);
      window.addEventListener("popstate", go, { once: true });
      setTimeout(go, 500); // where the browser does not go back
      history.back();
    }

    /* -- opening and closing -- */

    open(focus = true) {
      if (this.panel.open) return;
      const modal = matchMedia(NARROW).matches;
      if (modal) this.panel.showModal();
      else this.panel.show();
      // where it fills the screen, Back closes it: people take it for a page
      if (modal && !history.state?.sendGuide) history.pushState({ ...history.state, sendGuide: true }, "");
      this.opener.hidden = true;
      this.keep({ open: true });
      this.typed();
      this.restore();
      // a keyboard on a screen would cover what the guide says first
      if (focus) (touch() ? this.heading : this.text).focus();
      else if (modal) this.heading.focus(); // the page behind cannot be reached
      else if (this.shadowRoot.activeElement) this.shadowRoot.activeElement.blur(); // the page was only loaded anew
    }

    close() { this.panel.close(); }

    closed() {
      if (can.speak) speechSynthesis.cancel();
      this.menu.open = false;
      this.keep({ open: false });
      this.opener.hidden = false;
      this.opener.focus();
      if (history.state?.sendGuide) history.back();
    }

    wentBack() {
      if (this.panel.open && !history.state?.sendGuide && !this.root.hidden && matchMedia(NARROW).matches) this.close();
    }

    /* -- what is shown -- */

    /** A message: a place in the list, an article, and a heading that says whose words it has. */
    article(kind, said, ...inside) {
      const article = make("article", { class: `message ${kind}`, tabindex: kind === "person" ? "-1" : null }, make("h3", { class: "unseen" }, said), ...inside);
      return make("li", {}, article);
    }

    add(message, kind, said, ...inside) {
      this.messages.push(message);
      const place = this.article(kind, said, ...inside);
      this.list.append(place);
      return place.firstChild;
    }

    showPerson(text) {
      this.hasMain = false;
      return this.add({ from: "person", text }, "person", "You said", text);
    }

    lastSaid() { return [...this.list.querySelectorAll(".person")].pop(); }

    showNote(text) { this.list.append(make("li", { class: "note" }, make("p", {}, text))); }

    /** Of all buttons of a turn one stands out. */
    main() {
      const first = !this.hasMain;
      this.hasMain = true;
      return first ? "main" : null;
    }

    /** What a message is about, in words that no other message has: they tell apart buttons of the same name. */
    about(reply) {
      const title = (reply.answers[0] || reply.deadline || reply.letter || reply.step || (reply.steps && { title: "My steps" }))?.title || `message ${this.messages.length + 1}`;
      const times = (this.names.get(title) || 0) + 1;
      this.names.set(title, times);
      return times === 1 ? title : `${title} (${times})`;
    }

    showGuide(reply) {
      const urgent = reply.kind === "urgent";
      const asked = [...this.messages].reverse().find((message) => message.from === "person");
      const about = this.about(reply);
      if (urgent) this.hasMain = true; // nothing stands out beside the numbers to ring
      const inside = this.lines(reply, about);
      for (const answer of reply.answers) inside.push(...this.answer(answer, urgent));
      if (reply.letter) inside.push(this.letter(reply.letter));
      if (reply.deadline && !reply.deadline.passed) inside.push(this.calendar(reply.deadline, about));
      inside.push(this.choices(reply), reply.help?.length ? make("div", { class: "source" }, ...paragraphs(reply.help)) : null, this.more(reply, about, asked));
      const joined = reply.deadline && this.joins(reply.deadline);
      this.add(reply, urgent ? "urgent" : joined ? "joined" : "", "Guide said", ...inside);
    }

    /** Of two last days in a row make one card: what both end with, and "More", stand once. Return whether there are two. */
    joins(deadline) {
      const before = this.messages[this.messages.length - 1]?.deadline;
      if (!before) return false;
      const card = this.list.lastElementChild.firstChild;
      const last = [...card.querySelectorAll(":scope > p")].pop();
      if (last?.textContent === plain(deadline.advice.slice(-1))) last.remove();
      card.querySelector(".rest")?.remove();
      return true;
    }

    /** The day in large type, what else to know, and how it was found for who wants to check it. */
    lastDay(deadline, about) {
      const working = make("ol", {}, ...deadline.working.map((line) => make("li", {}, line)));
      return [make("h4", {}, `${deadline.title} `, make("span", { class: "day" }, deadline.spoken)), ...paragraphs(deadline.advice),
        disclosure({ "aria-live": "off" }, make("summary", {}, "How this was worked out", make("span", { class: "unseen" }, `: ${about}`)), working)];
    }

    lines(reply, about) {
      let said = paragraphs(reply.lines);
      if (reply.deadline) said = this.lastDay(reply.deadline, about);
      if (reply.steps) {
        const [head, ...told] = paragraphs(reply.steps.before);
        said = [make("h4", {}, ...head.childNodes), ...told, checklist(reply.steps.list), ...paragraphs(reply.steps.after)];
      }
      if (reply.step) {
        const at = reply.lines.findIndex((line) => line.pieces[0].text === reply.step.title);
        const where = reply.step.of ? make("p", { class: "progress" }, `Step ${reply.step.number} of ${reply.step.of}`) : null;
        said = [...parts(reply.lines.slice(0, at)), make("h4", {}, reply.step.title), where, ...parts(reply.lines.slice(at + 1))];
      }
      if (!reply.easy_read.length) return said;
      return [make("div", { class: "full" }, ...said.filter(Boolean)), make("div", { class: "easy" }, ...paragraphs(reply.easy_read))];
    }

    answer(answer, urgent) {
      const made = [];
      const both = (part) => made.push(make("div", { class: "full" }, ...paragraphs(part(answer.text))), make("div", { class: "easy" }, ...paragraphs(part(answer.easy_read))));
      if (answer.since.length) made.push(make("div", { class: "note full" }, ...paragraphs(answer.since)));
      if (!urgent) both((lines) => lines);
      else { // the kind word, then the numbers
        made.push(make("h4", { class: "unseen" }, answer.title));
        both((lines) => lines.slice(0, 1));
        made.push(this.ring(answer));
        both((lines) => lines.slice(1));
      }
      return made;
    }

    /** What can be tapped, as a list whose number is said. */
    choices(reply) {
      const whole = reply.answers.length;
      const offered = reply.choices.filter((choice) => !(whole && choice.acts === "simpler")); // that one is under "More"
      if (!offered.length) return null;
      const stands = whole || reply.step; // a question's choices are all alike
      const pressed = (choice, look) => button(choice.title, () => this.say({ choice: choice.id, title: choice.title }), { class: look });
      const answers = offered.filter((choice) => !choice.back);
      const items = answers.map((choice, at) => make("li", { class: choice.acts === "alone" ? null : "now" }, pressed(choice, at === 0 && stands ? this.main() : null)));
      const back = offered.filter((choice) => choice.back).map((choice) => make("p", { class: "now" }, pressed(choice, "link")));
      return make("div", { class: stands ? "choices beside" : "choices" }, make("p", { class: "unseen" }, counted(items.length)), make("ul", { class: "plain", role: "list" }, ...items), ...back);
    }

    /** Take away what acted on an earlier message: pressed now, it would act on the newest. */
    retire() {
      const last = this.lastSaid();
      for (const choices of this.list.querySelectorAll(".choices")) {
        if (!last || !(choices.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
        for (const old of choices.querySelectorAll(".now")) old.remove();
        const left = choices.querySelectorAll("li").length;
        if (!left) choices.remove();
        else if (choices.firstChild.localName === "p") choices.firstChild.firstChild.data = counted(left); // no addition: it is not announced
      }
      for (const old of this.list.querySelectorAll("button.main")) {
        if (last && old.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING) old.classList.remove("main");
      }
    }

    /** What else can be done with a message; it is not part of what is announced. */
    more(reply, about, asked) {
      const named = (words) => ({ "aria-label": `${words}: ${about}` });
      const row = make("div", { class: "row" });
      if (reply.easy_read.length || reply.answers.some((answer) => answer.easy_read.length)) {
        row.append(button("Simpler words", (event) => {
          this.simpler(!this.kept.simple);
          this.bring(event.target.closest("article"));
        }, { role: "switch", "aria-checked": String(Boolean(this.kept.simple)), ...named("Simpler words") }));
      }
      if (can.speak) row.append(this.readAloud(reply, named("Read aloud")));
      const inside = row.children.length ? [row] : [];
      for (const answer of reply.answers) inside.push(...this.evidence(answer, reply.kind === "urgent"));
      if (reply.answer_ids.length && reply.kind !== "urgent") inside.push(this.opinion(reply, asked, about));
      if (!inside.length) return null;
      return disclosure({ class: "more rest", "aria-live": "off" }, make("summary", {}, "More", make("span", { class: "unseen" }, ` about: ${about}`)), ...inside);
    }

    /** Who has to do it and where that stands; who to contact. */
    evidence(answer, urgent) {
      const made = [];
      const duty = answer.strength ? [`${answer.who} `, make("strong", {}, answer.strength), " · "] : [];
      if (answer.source) made.push(make("p", { class: "source" }, ...duty, answer.source)); // one that is withdrawn names none
      const sites = answer.links.map((site) => make("li", {}, link(site.text, site.href)));
      if (sites.length) made.push(make("p", { class: "quiet" }, "Read more at:"), make("ul", {}, ...sites));
      if (answer.contacts.length && !urgent) made.push(make("h4", {}, "Who to contact"), contacts(answer.contacts));
      return made;
    }

    /** The numbers to ring now, each large enough for a shaking hand; of several alike the others are behind the first. */
    ring(answer) {
      const numbers = answer.contacts.flatMap((contact) => contact.ways.filter((way) => /^(tel|sms):/.test(way.href || "")).map((way) =>
        ({ contact, way, alike: contact.ways.find((each) => each.name === way.name) !== way })));
      const list = (some) => make("ul", { class: "ring plain", role: "list" }, ...some.map(({ contact, way }) =>
        make("li", {}, link(`${way.href.startsWith("sms") ? "Text" : "Ring"} ${way.text}`, way.href), ` ${contact.name}${way.name === "Phone" || way.name === "Text" ? "" : `, ${way.name.toLowerCase()}`}`)));
      const others = numbers.filter((number) => number.alike);
      const rest = others.length ? disclosure({}, make("summary", {}, "More numbers"), list(others)) : null;
      return make("div", { class: "numbers" }, list(numbers.filter((number) => !number.alike)), rest);
    }

    /** A letter as a form: a field for each blank, below it the letter as it stands, which can be changed by hand. */
    letter(letter) {
      const at = this.messages.filter((message) => message.letter).length;
      const kept = this.kept.letters?.[at];
      const mine = kept?.title === letter.title ? kept : { title: letter.title, values: (letter.blanks || []).map((blank) => blank.value || null) };
      const change = (changes) => {
        Object.assign(mine, changes);
        this.keep({ letters: { ...this.kept.letters, [at]: mine } });
        show();
      };
      const fields = (letter.blanks || []).map((blank, number) => field(blank, mine.values[number], (value) => change({ values: mine.values.map((old, place) => (place === number ? value : old)) })));
      const paper = make("div", { class: "paper" });
      const form = make("div", {}, make("p", {}, "What you leave empty stays in [brackets]. What you write stays in this tab."), ...fields, make("h5", {}, "Your letter"), paper);
      const words = make("textarea", { rows: "12", "aria-label": "The letter", input: () => change({ text: words.value }) });
      const byHand = button("Change the words", () => { change({ text: letter.text }); words.focus(); });
      const show = () => {
        paper.replaceChildren(...(letter.parts || [letter.text]).map((part) => (typeof part === "string" ? part : mine.values[part] ?? make("mark", {}, letter.blanks[part].stands))));
        letter.text = mine.text ?? paper.textContent; // what is copied, printed or read aloud is what stands there
        if (words.value !== letter.text) words.value = letter.text;
        words.hidden = mine.text === undefined;
        form.hidden = byHand.hidden = !words.hidden;
      };
      show();
      const fetched = (format) => () => this.fetchFile("/chat/letter", { title: letter.title, text: letter.text, format });
      return make("div", { class: "letter", "aria-live": "off" }, make("h4", {}, letter.title), form, words,
        make("div", { class: "row" },
          button("Get a Word file", fetched("docx"), { class: this.main() }),
          button("Copy the letter", async () => this.tell((await copy(letter.text)) ? "The letter is copied." : "Copying did not work here. Use a file instead.")),
          button("Print the letter", () => this.print(letter.text)), button("Get a text file", fetched("txt")), byHand));
    }

    calendar(deadline, about) {
      const body = { title: deadline.title, last_day: deadline.last_day, working: deadline.working };
      return make("div", { class: "row" }, button("Put it in my calendar", () => this.fetchFile("/chat/calendar", body), { class: this.main(), "aria-label": `Put it in my calendar: ${about}` }));
    }

    async fetchFile(path, body) {
      this.tell("Getting the file", false, true);
      try {
        save(await this.untilAnswered(() => call(this.server, this.kept.token, "POST", path, body)));
        this.tell("The file is in your downloads.");
      } catch (problem) {
        this.tell(problem.message, true);
      }
    }

    readAloud(reply, properties) {
      const toggle = button("Read aloud", () => {
        const stop = toggle.getAttribute("aria-pressed") === "true";
        speechSynthesis.cancel();
        if (stop) return;
        const speech = new SpeechSynthesisUtterance(this.words(reply));
        speech.lang = "en-GB";
        speech.onend = speech.onerror = () => toggle.setAttribute("aria-pressed", "false");
        toggle.setAttribute("aria-pressed", "true");
        speechSynthesis.speak(speech);
      }, { "aria-pressed": "false", ...properties });
      return toggle;
    }

    opinion(reply, asked, about) {
      const id = `why-${newId()}`;
      const box = make("div", { class: "row", role: "group", "aria-label": `Was this useful? ${about}` });
      const choose = (kind) => () => {
        const why = make("textarea", { id, rows: "2", maxlength: "1000" });
        const form = make("form", { submit: async (event) => {
          event.preventDefault();
          const question = asked ? asked.text.slice(0, 2000) : null;
          const body = { kind, answer_ids: reply.answer_ids, question, reason: why.value.trim() || null };
          try {
            const told = await this.untilAnswered(() => call(this.server, this.kept.token, "POST", "/chat/feedback", body));
            const thanks = make("p", { tabindex: "-1" }, "Thank you. Your view has been kept.");
            box.replaceChildren(thanks);
            thanks.focus();
            if (!told.replies) return;
            for (const urgent of told.replies) this.showGuide(urgent); // somebody may be in danger
            this.bring(this.list.lastElementChild.firstChild);
          } catch (problem) {
            this.tell(problem.message, true);
          }
        } }, make("label", { for: id }, kind === "useful" ? "What was useful? You can leave this empty." : "What was wrong or missing? You can leave this empty."),
          make("p", { class: "quiet" }, "Please leave out names."), why, make("button", {}, "Send my view"));
        box.replaceChildren(form);
        why.focus();
      };
      box.append(make("span", { "aria-hidden": "true" }, "Was this useful?"), button("Yes", choose("useful"), { "aria-label": `Yes, this was useful: ${about}` }), button("No", choose("not-useful"), { "aria-label": `No, this was not useful: ${about}` }));
      return box;
    }

    tell(words, problem = false, dots = false) {
      clearTimeout(this.slow);
      this.status.className = `status${problem ? " problem" : ""}${dots ? " dots" : ""}`;
      this.status.textContent = words;
    }

    /** Say it where it takes long, unless there is something else to say before that. */
    later(words) {
      this.slow = setTimeout(() => {
        this.tell(words, false, true);
        if (this.lastSaid()) this.scrollTo(this.lastSaid()); // the line takes room from the log
      }, SLOW);
    }

    setBusy(busy) {
      this.busy = busy;
      this.sendButton.setAttribute("aria-disabled", String(busy));
    }

    /** Bring what is new to the top: what was asked, or the answer where that would push it out of sight. */
    scrollTo(asked) {
      const long = asked.offsetHeight > Math.min(this.log.clientHeight, innerHeight) / 3;
      this.bring((long && asked.parentNode.nextElementSibling?.firstElementChild) || asked);
    }

    /** Bring the beginning of an element to the top. */
    bring(element) {
      if (!this.inline) this.log.scrollTop = element.offsetTop - this.notice.offsetHeight - 8;
      else if (this.shadowRoot.activeElement) element.scrollIntoView({ block: "start" });
    }

    simpler(on) {
      this.keep({ simple: on });
      this.root.classList.toggle("simple", on);
      for (const each of this.root.querySelectorAll("[role=switch]")) each.setAttribute("aria-checked", String(on));
    }

    resize(by) {
      const size = Math.min(SIZES.length - 1, Math.max(0, (this.kept.size || 0) + by));
      this.keep({ size });
      this.root.style.setProperty("--size", SIZES[size]);
    }

    /* -- the conversation as words -- */

    words(reply) {
      const simple = this.kept.simple;
      const said = [plain(simple && reply.easy_read.length ? reply.easy_read : reply.lines)];
      for (const answer of reply.answers) {
        if (!simple) said.push(plain(answer.since));
        said.push(plain(simple ? answer.easy_read : answer.text));
        if (answer.source) said.push(`${answer.strength ? `${answer.who} ${answer.strength}. ` : ""}Source: ${answer.source}`);
      }
      said.push(plain(reply.help || []));
      if (reply.letter) said.push(reply.letter.title, reply.letter.text);
      return said.filter(Boolean).join("\n");
    }

    transcript() {
      const said = this.messages.map((message) => (message.from === "person" ? `You: ${message.text}` : `Guide: ${this.words(message)}`));
      return `${["SEND Guide: an automated guide, not legal advice", ...said].join("\n\n")}\n`;
    }

    async copyAll() {
      this.tell((await copy(this.transcript())) ? "The conversation is copied." : "Copying did not work here. Use Download instead.");
    }

    /** Print the conversation or a letter alone, from a frame that is there for that long only. */
    print(words) {
      const frame = make("iframe", { hidden: true, title: "To print" });
      this.root.append(frame);
      const paper = frame.contentDocument;
      paper.title = "SEND Guide";
      paper.body.textContent = words;
      paper.body.style.cssText = "white-space: pre-wrap; font: 12pt/1.4 Arial, sans-serif";
      frame.contentWindow.addEventListener("afterprint", () => setTimeout(() => frame.remove()));
      frame.contentWindow.print();
    }
  }

  customElements.define("send-guide", SendGuide);

  function place() {
    if (!document.querySelector("send-guide")) document.body.append(document.createElement("send-guide"));
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
})();
