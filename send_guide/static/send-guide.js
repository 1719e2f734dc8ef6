/* SEND Guide for web pages: one custom element, <send-guide>.

   <script src="https://guide.example.gov.uk/send-guide.js" defer></script>

   puts a button in the corner of the page. <send-guide inline></send-guide> puts the chat at that place instead.
   Attributes: `label` (of the button), `exit` (where "Leave quickly" goes), `server` (where the guide is, if not
   where this script comes from). The same three as data-label, data-exit, data-server of the script element.

   No cookies, nothing from elsewhere, nothing of what is said in an address. What the server and people say is only
   ever set as text. The conversation's token is kept in this tab's sessionStorage and nowhere else. */
(() => {
  "use strict";

  const SCRIPT = document.currentScript;
  const KEY = "send-guide";
  const WAITS = [1, 2, 4, 8, 15, 15]; // seconds before a message that was lost is sent again
  const TIMEOUT = 25; // seconds for one try
  const NARROW = "(max-width: 40em), (max-height: 30em)"; // the chat fills the window: a phone, 400 % zoom
  const SIZES = [1, 1.25, 1.5, 2];
  const EXAMPLES = ["Can I ask for an EHC plan myself?", "What do governors have to do?", "I want to speak to a person"];
  const HELLO =
    "Hello. I am an automated guide. I can tell you what schools, governors, head teachers, SENCOs and the council " +
    "have to do for children and young people with special educational needs and disabilities (SEND). Ask in your " +
    "own words. Please leave out names, addresses and dates of birth.";

  // against the page's own !important rules; the size of letters is what the person has chosen in the browser
  const STYLE = `
    :host { all: initial !important; display: block !important; color-scheme: light dark !important;
      --paper: #fff; --ink: #1c2127; --quiet: #4a545e; --line: #6b7680; --soft: #eef3f6; --brand: #17506b;
      --on-brand: #fff; --link: #17507a; --note: #fff4d6; --note-line: #b45f00; --danger: #a3121f;
      --on-danger: #fff; --danger-soft: #fdeced; --focus: #b45f00; }
    @media (prefers-color-scheme: dark) { :host {
      --paper: #14181c; --ink: #eceff2; --quiet: #b9c3cc; --line: #8b97a2; --soft: #222a31; --brand: #0f3c52;
      --on-brand: #fff; --link: #8fc8f0; --note: #3a3114; --note-line: #ffc46b; --danger: #ffb3b8;
      --on-danger: #2b0508; --danger-soft: #3d161a; --focus: #ffc46b; } }
    *, *::before, *::after { box-sizing: border-box; }
    [hidden] { display: none !important; }
    .root { font: calc(1em * var(--size, 1))/1.5 system-ui, -apple-system, "Segoe UI", Roboto,
      "Helvetica Neue", Arial, sans-serif; color: var(--ink); overflow-wrap: anywhere; text-align: left; }
    h2, h3, p, ul { margin: 0 0 .5em; }
    h2 { font-size: 1.25em; line-height: 1.2; }
    h3 { font-size: 1.0625em; }
    ul { padding-left: 1.25em; }
    a { color: var(--link); text-underline-offset: .15em; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }

    button, summary { font: inherit; font-weight: 600; min-height: 44px; max-width: 100%; padding: .25em .75em;
      border: 2px solid var(--line); border-radius: 4px; background: var(--paper); color: var(--link);
      text-align: left; cursor: pointer; }
    button.main { background: var(--brand); border-color: var(--brand); color: var(--on-brand); }
    button.danger { background: var(--danger); border-color: var(--danger); color: var(--on-danger); }
    button[aria-disabled="true"] { opacity: .75; cursor: default; }
    button[aria-checked="true"], button[aria-pressed="true"] { background: var(--brand); color: var(--on-brand); }
    summary { border: 0; padding-left: 0; width: fit-content; text-decoration: underline; list-style-position: inside;
      background: none; display: list-item; padding-top: .5em; }
    textarea { font: inherit; color: inherit; background: var(--paper); border: 2px solid var(--line);
      border-radius: 4px; padding: .5em; width: 100%; min-height: 44px; resize: vertical; }
    label { font-weight: 600; display: block; }
    .row { display: flex; flex-wrap: wrap; gap: .5em; align-items: center; }
    .quiet { color: var(--quiet); }

    .opener { position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; box-shadow: 0 2px 8px #0006; }
    .panel { display: flex; flex-direction: column; background: var(--paper); color: var(--ink); padding: 0; margin: 0;
      border: 2px solid var(--brand); border-radius: 8px; width: 100%; }
    dialog.panel:not([open]) { display: none; }
    dialog.panel { position: fixed; inset: auto 16px 16px auto; z-index: 2147483000; width: min(30em, 100vw - 32px);
      max-width: none; height: min(46em, 100vh - 32px); max-height: none; box-shadow: 0 4px 24px #0006; }
    section.panel { height: min(52em, 85vh); min-height: 20em; }
    .head { display: flex; flex-wrap: wrap; gap: .5em; align-items: center; padding: .5em .75em; background: var(--brand);
      color: var(--on-brand); border-radius: 5px 5px 0 0; }
    .head h2 { margin: 0; flex: 1 1 6em; }
    .head :focus-visible { outline-color: #fff; }
    .notice { padding: .25em .75em; background: var(--note); font-size: .9375em; margin: 0; }
    .options { padding: 0 .75em; border-bottom: 1px solid var(--line); }
    .options .row { padding-bottom: .5em; }
    .log { flex: 1 1 auto; overflow-y: auto; padding: .75em; min-height: 8em; position: relative; }
    .message { margin: 0 0 .75em; padding: .5em .75em; border-radius: 8px; background: var(--soft); border: 1px solid transparent; }
    .message > :last-child { margin-bottom: 0; }
    .message:not(.urgent) > .full:not(.note) > p:first-child { font-weight: 600; } /* what an answer comes to */
    .message.person { margin-left: 15%; background: var(--paper); border-color: var(--line); white-space: pre-wrap; }
    .message:focus { outline: none; }
    .message:focus-visible { outline: 3px solid var(--focus); }
    .who { font-weight: 700; font-size: .875em; color: var(--quiet); margin: 0; white-space: normal; }
    .note { background: var(--note); border-left: 6px solid var(--note-line); padding: .5em .75em; margin: 0 0 .5em; }
    .note > :last-child { margin: 0; }
    .source { color: var(--quiet); font-size: .9375em; }
    .source strong { color: var(--ink); }
    .urgent { background: var(--danger-soft); border: 2px solid var(--danger); border-left-width: 10px; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .urgent .ring { list-style: none; padding: 0; }
    .urgent .ring a { display: flex; align-items: end; width: fit-content; min-height: 44px; font-weight: 700; }
    .tools { margin-top: .5em; display: grid; gap: .5em; }
    .easy { display: none; }
    .root.simple .easy { display: block; }
    .root.simple .full { display: none; }
    .status { padding: 0 .75em; margin: 0; color: var(--quiet); }
    .status:not(:empty) { padding: .25em .75em; }
    .status.problem { color: var(--danger); font-weight: 600; }
    .dots::after { content: " …"; }
    @media (prefers-reduced-motion: no-preference) { .dots::after { animation: dots 1.2s infinite; } }
    @keyframes dots { 50% { opacity: 0; } }
    .ask { padding: .5em .75em .75em; border-top: 1px solid var(--line); }
    .ask .row { align-items: end; flex-wrap: nowrap; }
    .ask textarea { flex: 1 1 auto; min-width: 0; }
    .ask button { flex: none; }
    dialog.sure { border: 2px solid var(--line); border-radius: 8px; background: var(--paper); color: var(--ink); max-width: min(26em, 100vw - 16px); }
    dialog::backdrop { background: #0008; }

    @media (max-width: 40em), (max-height: 30em) {
      dialog.panel { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; scroll-padding: 64px 0 8px; }
      dialog.panel .head { position: sticky; top: 0; z-index: 1; }
      .head { border-radius: 0; }
      /* the answer is what is made larger: these two would leave no room for it */
      .head { font-size: calc(1em / var(--size, 1)); }
      .notice { font-size: calc(.9375em * min(1, 1.25 / var(--size, 1))); }
      .head h2 { font-size: 1.0625em; flex-basis: 5em; }
      .head button { padding: .25em .5em; }
      .message.person { margin-left: 2em; }
    }
    @media (max-height: 30em) {
      .panel, section.panel { display: block; overflow-y: auto; scroll-padding: 64px 0 8px; }
      section.panel { height: auto; overflow: visible; }
      /* stays in view, so it stays one row, whatever the font and however large the text: more would lie over it */
      .head { position: sticky; top: 0; z-index: 1; flex-wrap: nowrap; }
      .head h2 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      .log { overflow: visible; }
    }
    @media (forced-colors: active) {
      .message, .note, .head, .notice { border: 1px solid CanvasText; }
      .urgent { border-width: 4px; }
      button[aria-checked="true"], button[aria-pressed="true"] { border-width: 4px; forced-color-adjust: auto; }
    }
    @media print { .opener, .options, .ask, .tools, .head button { display: none; } }
  `;

  /* ---- making elements: text is always text ---- */

  function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (typeof value === "function") element.addEventListener(name, value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null) element.setAttribute(name, value);
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

  const pieces = (line) => line.pieces.map((piece) => (piece.href ? link(piece.text, piece.href) : piece.text));

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

  const plain = (lines) =>
    lines.map((line) => (line.item ? "- " : "") + line.pieces.map((piece) => piece.text).join("")).join("\n");

  function contacts(all) {
    const ways = (contact) =>
      contact.ways.map((way) =>
        make("li", {}, `${way.name}: `, way.href ? link(way.text, way.href) : way.text,
          way.confirmed ? null : " (not confirmed: check before you rely on it)"));
    return make("ul", {}, ...all.map((contact) =>
      make("li", {}, make("strong", {}, contact.name), `. ${contact.helps_with}`, make("ul", {}, ...ways(contact)))));
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

  const can = { speak: "speechSynthesis" in window && "SpeechSynthesisUtterance" in window };

  /* ---- the element ---- */

  class SendGuide extends HTMLElement {
    static parts = { link, paragraphs, plain, contacts }; // for tests: what is made of a reply, and nothing else

    connectedCallback() {
      if (this.shadowRoot) return;
      this.server = this.setting("server") || (SCRIPT ? new URL(SCRIPT.src).origin : location.origin);
      this.kept = memory.read();
      this.messages = [];
      this.busy = false;
      this.build();
      this.resize(0);
      this.simpler(Boolean(this.kept.simple));
      if (this.inline) this.restore();
      else if (this.kept.open && !matchMedia(NARROW).matches) this.open(false);
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

      this.log = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": "Conversation", tabindex: "0" });
      this.status = make("p", { class: "status", role: "status" });
      this.text = make("textarea", { id: "text", rows: "2", keydown: (event) => this.key(event) });
      this.sendButton = make("button", { class: "main" }, "Send");
      const ask = make("form", { class: "ask", submit: (event) => { event.preventDefault(); this.submit(); } },
        make("label", { for: "text" }, "Your question"), make("div", { class: "row" }, this.text, this.sendButton));
      this.heading = make("h2", { id: "name", tabindex: "-1" }, "SEND Guide");
      const leave = button("Leave quickly", () => this.leave());
      const close = this.inline ? null : button("Close", () => this.close());
      const inside = [
        make("div", { class: "head" }, this.heading, leave, close),
        make("p", { class: "notice" }, "This is an automated guide, not legal advice. In danger now? Ring ", link("999", "tel:999"), "."),
        this.options(), this.log, this.status, ask,
      ];
      this.panel = make(this.inline ? "section" : "dialog", { class: "panel", "aria-labelledby": "name" }, ...inside);
      this.root = make("div", { class: "root", lang: "en-GB" });
      if (!this.inline) {
        this.opener = button(this.setting("label") || "Ask the SEND guide", () => this.open(), { class: "opener main", "aria-haspopup": "dialog" });
        this.root.append(this.opener);
        this.panel.addEventListener("close", () => this.closed());
        // Escape closes it from anywhere on the page, so that it never stays over what has the focus
        document.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.panel.open && !this.sure.open) this.close(); });
      }
      this.root.append(this.panel, this.confirmation());
      shadow.append(this.root);
      this.hello();
    }

    options() {
      this.simple = button("Simpler words", () => this.simpler(!this.kept.simple), { role: "switch", "aria-checked": "false" });
      const tools = [
        this.simple,
        button("Larger text", () => this.resize(1)), button("Smaller text", () => this.resize(-1)),
        button("Copy all", () => this.copyAll()), button("Print", () => this.print()),
        button("Download", () => save(new File(["\ufeff", this.transcript()], "send-guide-conversation.txt", { type: "text/plain" }))),
        button("End and delete", () => this.sure.showModal()),
      ];
      return make("details", { class: "options" }, make("summary", {}, "Options"), make("div", { class: "row" }, ...tools));
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

    hello() {
      this.log.setAttribute("aria-live", "off"); // what stands there from the beginning is no news
      const examples = EXAMPLES.map((words) => button(words, () => this.say({ text: words })));
      this.log.replaceChildren(make("div", { class: "message" }, make("p", { class: "who" }, "Guide"), make("p", {}, HELLO), make("div", { class: "row" }, ...examples)));
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
      // a keyboard on a screen would cover the answer; else whoever types goes on typing
      if (sent.choice || !this.shadowRoot.activeElement || matchMedia("(pointer: coarse)").matches || this.shadowRoot.activeElement.localName !== "textarea") bubble.focus({ preventScroll: true });
      return this.deliver(sent, bubble);
    }

    submit() {
      const text = this.text.value.trim();
      if (!text) return this.tell("Write your question first.", true);
      if (this.busy) return this.tell("Please wait for the answer to your last message.");
      this.text.value = "";
      return this.say({ text });
    }

    key(event) {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
    }

    /** Send a message until it is answered. It has a name: whatever is lost, it is answered once. */
    async deliver(sent, bubble) {
      const { kept } = this; // another one once the conversation is ended or left: nothing is sent or shown after that
      this.setBusy(true);
      this.tell("The guide is writing", false, true);
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
      } catch (problem) {
        if (this.kept === kept) this.failed(problem, sent, bubble);
      } finally {
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
        if (sent.text && !this.text.value) this.text.value = sent.text; // nothing that was typed is lost
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
        const said = this.log.querySelectorAll(".person");
        if (said.length) this.scrollTo(said[said.length - 1]);
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
      this.text.value = "";
    }

    /** Go elsewhere at once, in place of this page; the conversation is deleted behind the person's back. */
    leave() {
      const { token } = this.kept;
      const to = this.setting("exit") || "https://www.bbc.co.uk/weather";
      if (token) call(this.server, token, "DELETE", "/chat/conversation", null, true).catch(() => {});
      this.forget();
      this.log.replaceChildren();
      this.root.hidden = true;
      location.replace(to);
    }

    /* -- opening and closing -- */

    open(focus = true) {
      if (this.panel.open) return;
      if (matchMedia(NARROW).matches) this.panel.showModal();
      else this.panel.show();
      this.opener.hidden = true;
      this.keep({ open: true });
      this.restore();
      // a keyboard on a screen would cover what the guide says first
      if (focus) (matchMedia("(pointer: coarse)").matches ? this.heading : this.text).focus();
      else if (this.shadowRoot.activeElement) this.shadowRoot.activeElement.blur(); // the page was only loaded anew
    }

    close() { this.panel.close(); }

    closed() {
      if (can.speak) speechSynthesis.cancel();
      this.keep({ open: false });
      this.opener.hidden = false;
      this.opener.focus();
    }

    /* -- what is shown -- */

    add(message, element) {
      this.messages.push(message);
      this.log.append(element);
      return element;
    }

    showPerson(text) {
      return this.add({ from: "person", text }, make("div", { class: "message person", tabindex: "-1" }, make("p", { class: "who" }, "You"), text));
    }

    showNote(text) { this.log.append(make("div", { class: "note" }, make("p", {}, text))); }

    showGuide(reply) {
      const urgent = reply.kind === "urgent";
      const element = make("div", { class: urgent ? "message urgent" : "message" }, make("p", { class: "who" }, "Guide"));
      if (reply.easy_read.length) element.append(make("div", { class: "full" }, ...paragraphs(reply.lines)), make("div", { class: "easy" }, ...paragraphs(reply.easy_read)));
      else {
        const said = paragraphs(reply.lines);
        if (reply.deadline) said[0] = make("h3", {}, `${reply.deadline.title}: ${reply.deadline.spoken}`); // its working is in the lines below
        element.append(...said);
      }
      for (const answer of reply.answers) element.append(...this.answer(answer, urgent));
      if (reply.letter) element.append(this.letter(reply.letter));
      if (reply.deadline && !reply.deadline.passed) element.append(this.calendar(reply.deadline));
      const asked = [...this.messages].reverse().find((message) => message.from === "person");
      this.add(reply, element);
      // what can be done with a message is not part of what is announced
      const tools = make("div", { class: "tools", "aria-live": "off" });
      if (reply.choices.length) tools.append(make("div", { class: "row", role: "group", "aria-label": "Choices" }, ...reply.choices.map((choice) => button(choice.title, () => this.say({ choice: choice.id, title: choice.title })))));
      const row = make("div", { class: "row" });
      if (can.speak) row.append(this.readAloud(reply));
      if (reply.answer_ids.length && !urgent) row.append(this.opinion(reply, asked));
      if (row.children.length) tools.append(row);
      element.append(tools);
    }

    answer(answer, urgent) {
      const duty = answer.strength ? [`${answer.who} `, make("strong", {}, answer.strength), " · "] : [];
      const made = [];
      const both = (part) => made.push(make("div", { class: "full" }, ...paragraphs(part(answer.text))), make("div", { class: "easy" }, ...paragraphs(part(answer.easy_read))));
      if (answer.since.length) made.push(make("div", { class: "note full" }, ...paragraphs(answer.since)));
      if (urgent) { // the kind word, then the numbers
        made.push(make("h3", { class: "unseen" }, answer.title));
        both((lines) => lines.slice(0, 1));
        made.push(this.ring(answer));
        both((lines) => lines.slice(1));
      } else both((lines) => lines);
      if (answer.source) made.push(make("p", { class: "source" }, ...duty, answer.source)); // one that is withdrawn names none
      if (answer.contacts.length && !urgent) made.push(make("details", { "aria-live": "off" }, make("summary", {}, "Who to contact"), contacts(answer.contacts)));
      return made;
    }

    /** The numbers to ring now, each large enough for a shaking hand. */
    ring(answer) {
      const all = answer.contacts.flatMap((contact) => contact.ways.filter((way) => /^(tel|sms):/.test(way.href || "")).map((way) =>
        make("li", {}, link(`${way.href.startsWith("sms") ? "Text" : "Ring"} ${way.text}`, way.href), ` ${contact.name}${way.name === "Phone" || way.name === "Text" ? "" : `, ${way.name.toLowerCase()}`}`)));
      return make("ul", { class: "ring" }, ...all);
    }

    letter(letter) {
      const id = `letter-${newId()}`;
      const text = make("textarea", { id, rows: "12" });
      text.value = letter.text;
      text.addEventListener("input", () => { letter.text = text.value; }); // what is copied, printed or read aloud is what stands there
      const fetched = (format) => () => this.fetchFile("/chat/letter", { title: letter.title, text: text.value, format });
      return make("div", {}, make("h3", {}, letter.title),
        make("label", { for: id }, "The letter. You can change it here. What you change is not kept."), text,
        make("div", { class: "row" },
          button("Copy the letter", async () => this.tell((await copy(text.value)) ? "The letter is copied." : "Copying did not work here. Use a file instead.")),
          button("Get a Word file", fetched("docx")), button("Get a text file", fetched("txt"))));
    }

    calendar(deadline) {
      const body = { title: deadline.title, last_day: deadline.last_day, working: deadline.working };
      return make("div", { class: "row" }, button("Put it in my calendar", () => this.fetchFile("/chat/calendar", body)));
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

    readAloud(reply) {
      const toggle = button("Read aloud", () => {
        const stop = toggle.getAttribute("aria-pressed") === "true";
        speechSynthesis.cancel();
        if (stop) return;
        const speech = new SpeechSynthesisUtterance(this.words(reply));
        speech.lang = "en-GB";
        speech.onend = speech.onerror = () => toggle.setAttribute("aria-pressed", "false");
        toggle.setAttribute("aria-pressed", "true");
        speechSynthesis.speak(speech);
      }, { "aria-pressed": "false" });
      return toggle;
    }

    opinion(reply, asked) {
      const id = `why-${newId()}`;
      const box = make("div", { class: "row", role: "group", "aria-label": "Was this useful?" });
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
            this.scrollTo(this.log.lastElementChild);
          } catch (problem) {
            this.tell(problem.message, true);
          }
        } }, make("label", { for: id }, kind === "useful" ? "What was useful? You can leave this empty." : "What was wrong or missing? You can leave this empty."),
          make("p", { class: "quiet" }, "Please leave out names."), why, make("button", {}, "Send my view"));
        box.replaceChildren(form);
        why.focus();
      };
      box.append(make("span", { "aria-hidden": "true" }, "Was this useful?"), button("Yes", choose("useful"), { "aria-label": "Yes, this was useful" }), button("No", choose("not-useful"), { "aria-label": "No, this was not useful" }));
      return box;
    }

    tell(words, problem = false, dots = false) {
      this.status.className = `status${problem ? " problem" : ""}${dots ? " dots" : ""}`;
      this.status.textContent = words;
    }

    setBusy(busy) {
      this.busy = busy;
      this.sendButton.setAttribute("aria-disabled", String(busy));
    }

    /** Bring the beginning of what is new to the top: what was asked, or the answer where that would push it out of sight. */
    scrollTo(asked) {
      const long = asked.offsetHeight > Math.min(this.log.clientHeight, innerHeight) / 3;
      const element = (long && asked.nextElementSibling) || asked;
      if (this.log.scrollHeight > this.log.clientHeight + 1) this.log.scrollTop = element.offsetTop - 8;
      else if (!this.inline || this.shadowRoot.activeElement) element.scrollIntoView({ block: "start" });
    }

    simpler(on) {
      this.keep({ simple: on });
      this.root.classList.toggle("simple", on);
      this.simple.setAttribute("aria-checked", String(on));
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

    /** Print the conversation alone, from a frame that is there for that long only. */
    print() {
      const frame = make("iframe", { hidden: true, title: "Conversation to print" });
      this.root.append(frame);
      const paper = frame.contentDocument;
      paper.title = "SEND Guide";
      for (const part of this.transcript().split("\n")) paper.body.append(Object.assign(paper.createElement("p"), { textContent: part }));
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
