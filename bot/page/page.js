// The page: shows what the server tells, hands over what the owner says and presses.
// Every text is put in as text, never as markup: it may be a stranger's.

const $ = (id) => document.getElementById(id);
const log = $("log");
const chat = $("chat");
const composer = $("composer");
const input = $("text");

const cards = new Map(); // notice -> { data, node, deadline }
const mine = new Map(); // the message's own id -> { data, node, state }
const waiting = new Set(); // ids of messages whose answer is not there yet
let stamp = 0;
let stream = null;
let pause = 1000;
let begun = false;
let stopped = false;
let skew = 0; // milliseconds by which the company's clock is ahead of this one
let zone;
let locale;
let files = [];
let answering = null;
let thinkingTimer = 0;

const FIRST = new Set(["approve", "send", "retry"]);
const QUIET = new Set(["why", "show"]);
const ICONS = {
  reply: "M10 6l-6 6 6 6M4 12h11a5 5 0 015 5v1",
  passed: "M14 6l6 6-6 6M20 12H9a5 5 0 00-5 5v1",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
};

// ---- small helpers

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function clock(at) {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(new Date(at));
}

function day(at) {
  return new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", timeZone: zone }).format(new Date(at));
}

function newId() {
  return crypto.randomUUID();
}

function toast(text) {
  const line = $("toast");
  clearTimeout(toast.timer);
  line.textContent = text;
  line.hidden = !text;
  toast.timer = setTimeout(() => { line.hidden = true; }, 6000);
}

function isAtEnd() {
  return chat.scrollHeight - chat.scrollTop - chat.clientHeight < 120;
}

function toEnd() {
  chat.scrollTop = chat.scrollHeight;
}

// ---- the conversation, in order of time

function place(node, at) {
  node.dataset.at = at;
  const later = [...log.children].find((one) => one.dataset.at > at);
  log.insertBefore(node, later || null);
}

function drawDays() {
  for (const old of log.querySelectorAll(".day")) old.remove();
  let last = "";
  for (const node of [...log.children]) {
    const today = day(node.dataset.at) === day(Date.now() + skew);
    const here = today ? "Today" : day(node.dataset.at);
    if (here === last) continue;
    last = here;
    const line = make("li", "day", here);
    line.dataset.at = node.dataset.at;
    log.insertBefore(line, node);
  }
}

function showMine(data, state) {
  const known = mine.get(data.id);
  if (known) {
    known.data = { ...known.data, ...data };
    known.state = state;
    fillMine(known);
    return;
  }
  const node = make("li", "mine");
  const one = { data, node, state };
  mine.set(data.id, one);
  fillMine(one);
  place(node, data.at);
  drawDays();
}

function fillMine(one) {
  const { data, node, state } = one;
  const bubble = make("div", data.forwarded ? "bubble passed" : "bubble");
  if (data.forwarded) {
    const tag = make("span", "tag");
    tag.append(icon("passed"), "Passed on");
    bubble.append(tag);
  }
  for (const file of data.files) {
    const line = make("div", "attached");
    line.append(icon("file"), file.name);
    bubble.append(line);
  }
  if (data.text) bubble.append(data.text);
  const words = { kept: clock(data.at), going: "Sending", waits: "Not received yet. I keep trying.", refused: data.trouble };
  const foot = make("small", state === "kept" || state === "going" ? "" : "waits", words[state]);
  if (state === "kept") foot.title = "Received";
  node.replaceChildren(bubble, foot);
}

function showCard(data) {
  const known = cards.get(data.notice);
  if (known && known.data.stamp > data.stamp) return;
  const typing = known && known.node.querySelector(".edit textarea");
  const keep = typing && data.buttons.some((one) => one.verb === "edit");
  const one = known || { node: make("li"), fresh: begun };
  one.data = data;
  one.deadline = data.leaves_in_s === null ? null : Date.now() + data.leaves_in_s * 1000;
  one.whole = one.whole || Math.max(data.leaves_in_s || 0, 1);
  const words = keep ? typing.value : null;
  fillCard(one);
  if (!known) {
    cards.set(data.notice, one);
    place(one.node, data.at);
    drawDays();
  }
  if (words !== null) editor(one, data.buttons.find((button) => button.verb === "edit"), words);
}

function fillCard(one) {
  const { data, node } = one;
  const filed = data.kind === "file";
  const plain = !data.buttons.length && !data.title && !data.state && !data.copy && !data.file;
  const classes = plain ? ["says"] : ["card"];
  if (filed) classes.push("filed");
  if (!plain && data.state && !data.buttons.some((button) => button.verb !== "why")) classes.push("over");
  if (one.fresh) classes.push("fresh");
  node.className = classes.join(" ");
  node.id = data.notice;
  if (plain) {
    node.replaceChildren(data.says);
    return;
  }
  node.replaceChildren();
  if (data.title) node.append(make("h2", "", data.title));
  const lines = data.facts.filter((line) => line.label !== "Text" || line.value !== data.copy);
  if (lines.length) node.append(facts(lines));
  if (data.says) node.append(filed ? filing(data.says) : data.title ? make("p", "why", data.says) : asking(data.says));
  if (data.state) node.append(stateOf(one));
  if (data.copy) node.append(copyable(data.copy));
  if (data.file) node.append(download(data));
  if (data.foot) node.append(make("p", "foot", data.foot));
  const row = buttons(one);
  if (row) node.append(row);
  if (data.buttons.length && data.kind !== "question") node.append(replying(data));
}

function facts(lines) {
  const box = make("div", "facts");
  for (const one of lines) {
    if (one.label === "Text") box.append(make("blockquote", "", one.value));
    else box.append(make("p", one.label === "Subject" || one.label === "What" ? "fact subject" : "fact", one.line));
  }
  return box;
}

function asking(says) {
  const box = make("p", "plainly");
  const [plain, example] = says.split(/\n(?=For example:)/);
  box.append(plain);
  if (example) box.append(make("span", "example", example));
  return box;
}

function filing(says) {
  const box = make("p", "plainly");
  const [head, ...rows] = says.split("\n");
  if (!rows.length) {
    box.textContent = says;
    return box;
  }
  box.append(make("span", "head", head.replace(/:$/, "")));
  for (const row of rows) box.append(make("span", "row", row));
  return box;
}

function stateOf(one) {
  const text = one.data.state;
  const good = /^(Sent|Done|Here|Leaves|Leaving|Written|Writing|Noted)/.test(text) && !/^Sent .*took it back/.test(text);
  const careful = /^(Not |The power|The connection|Everything is stopped)|should have left|waits; nothing/.test(text);
  const box = make("div");
  const calm = /^(Answered|Skipped|Put away|Replaced|Yours|Taken back)/.test(text);
  const line = make("p", careful ? "state careful" : calm ? "state calm" : good ? "state good" : "state");
  line.append(make("span", "", text));
  box.append(line);
  if (one.deadline !== null) {
    const left = make("span", "left");
    left.setAttribute("aria-hidden", "true"); // or every second would be read out
    line.append(left);
    const bar = make("div", "bar");
    bar.append(make("i"));
    box.append(bar);
    count(one, box);
  }
  return box;
}

function count(one, box) {
  const left = box.querySelector(".left");
  if (!left || one.deadline === null) return;
  const seconds = Math.max(0, Math.ceil((one.deadline - Date.now()) / 1000));
  left.textContent = seconds > 90 ? "" : `${seconds} s`;
  box.querySelector(".bar i").style.transform = `scaleX(${Math.min(1, seconds / one.whole)})`;
}

function copyable(text) {
  const button = make("button", "copy", text);
  button.type = "button";
  button.addEventListener("click", async () => {
    if (await copy(text)) button.classList.add("copied");
  });
  return button;
}

function download(data) {
  const link = make("a", "file");
  link.href = `/api/file/${data.notice}`;
  if (/\.(png|jpg)$/.test(data.file)) {
    const picture = make("img");
    picture.src = link.href;
    picture.alt = data.file;
    const stays = isAtEnd();
    picture.addEventListener("load", () => { if (stays) toEnd(); });
    link.className = "picture";
    link.target = "_blank";
    link.append(picture);
    return link;
  }
  link.download = data.file;
  link.append(icon("file"), data.file);
  return link;
}

function replying(data) {
  const button = make("button", "round reply");
  button.type = "button";
  button.setAttribute("aria-label", `Answer this: ${data.title || data.says.split("\n")[0]}`);
  button.append(icon("reply"));
  button.addEventListener("click", () => answer(data));
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
    return true;
  } catch {
    toast("Your browser did not let me copy. Please mark the text and copy it.");
    return false;
  }
}

// ---- buttons

function buttons(one) {
  const shown = one.data.buttons.filter((button) => button.verb !== "undo_one" || button.choice === null);
  if (!shown.length) return null;
  const row = make("div", "buttons");
  // in doubt no answer is the obvious one
  const open = shown.some((button) => button.verb === "sent");
  for (const button of shown) {
    const look = FIRST.has(button.verb) && !open ? "first" : QUIET.has(button.verb) ? "quiet" : "";
    const node = make("button", look, button.label);
    node.type = "button";
    node.addEventListener("click", () => pressed(one, button, node));
    row.append(node);
  }
  return row;
}

function pressed(one, button, node) {
  if (button.verb === "edit") editor(one, button, null);
  else if (button.verb === "copy") copy(quoted(one.data));
  else if (button.verb === "connect") openSettings("mail");
  else if (button.verb === "undo_one") pickLine(one, node);
  else press(one, button, "");
}

function quoted(data) {
  const text = data.facts.find((fact) => fact.label === "Text");
  return text ? text.value : data.copy || data.says;
}

function pickLine(one, node) {
  const open = one.node.querySelector(".lines");
  if (open) {
    open.remove();
    return;
  }
  const list = make("div", "lines");
  for (const button of one.data.buttons.filter((each) => each.verb === "undo_one" && each.choice !== null)) {
    const line = make("button", "", button.label);
    line.type = "button";
    line.addEventListener("click", () => press(one, button, ""));
    list.append(line);
  }
  node.parentElement.before(list);
  list.querySelector("button").focus();
}

function editor(one, button, words) {
  const row = one.node.querySelector(":scope > .buttons");
  if (!row || one.node.querySelector(".edit")) return;
  const asks = one.data.kind === "question";
  const box = make("form", "edit");
  const area = make("textarea");
  area.value = words ?? (asks ? "" : quoted(one.data));
  area.rows = asks ? 1 : Math.min(14, area.value.split("\n").length + 1);
  area.placeholder = one.data.invites;
  area.setAttribute("aria-label", one.data.invites || button.label);
  const send = make("button", "first", asks ? "Answer" : "Use this text");
  const leave = make("button", "quiet", "Leave it");
  leave.type = "button";
  const actions = make("div", "buttons");
  actions.append(send, leave);
  box.append(area, actions);
  leave.addEventListener("click", () => fillCard(one));
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    if (area.value.trim()) press(one, button, area.value);
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (asks || event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      box.requestSubmit();
    }
  });
  row.hidden = true;
  const quote = one.node.querySelector("blockquote");
  if (quote && !asks) quote.replaceWith(box);
  else row.before(box);
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
  box.scrollIntoView({ block: "nearest" });
}

async function press(one, button, text) {
  const all = one.node.querySelectorAll("button");
  for (const node of all) node.disabled = true;
  const body = JSON.stringify({ id: newId(), token: button.token, text });
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const answer = await ask("/api/press", { body, headers: { "content-type": "application/json" } });
    if (answer.later) {
      await new Promise((resolve) => { setTimeout(resolve, 700 * (attempt + 1)); });
      continue;
    }
    fillCard(one);
    // what was accepted shows on the card itself
    toast(answer.error || (answer.accepted ? "" : answer.text));
    return;
  }
  for (const node of all) node.disabled = false;
  toast("That did not reach me. Please press again.");
}

// ---- talking to the server

async function ask(path, options) {
  try {
    const response = await fetch(path, { method: "POST", credentials: "same-origin", ...options });
    if (response.status === 401) signedOut();
    const body = await response.json();
    return { ...body, ok: response.ok, later: response.status === 503 };
  } catch {
    return { ok: false, later: true };
  }
}

async function deliver(id, form) {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await ask("/api/say", { body: form });
    if (answer.ok) {
      const one = mine.get(id);
      one.source = answer.source;
      showMine({ id, source: answer.source }, "kept");
      if (![...cards.values()].some((card) => card.data.source === answer.source)) think(answer.source);
      return;
    }
    if (!answer.later) {
      showMine({ id, trouble: answer.error }, "refused");
      return;
    }
    showMine({ id }, "waits");
    await new Promise((resolve) => { setTimeout(resolve, Math.min(10000, 800 * 2 ** attempt)); });
  }
}

function think(source) {
  waiting.add(source);
  drawThinking();
}

function arrived(source) {
  if (waiting.delete(source)) drawThinking();
}

function drawThinking() {
  const line = $("thinking");
  const wasAtEnd = isAtEnd();
  clearTimeout(thinkingTimer);
  line.hidden = !waiting.size;
  line.querySelector("em").textContent = "Steward is on it";
  if (waiting.size) {
    thinkingTimer = setTimeout(() => { line.querySelector("em").textContent = "It takes longer than usual. Your message is kept."; }, 8000);
  }
  if (wasAtEnd) toEnd();
}

async function load() {
  const response = await fetch("/api/history", { credentials: "same-origin" });
  if (response.status === 401) {
    signedOut();
    return;
  }
  if (!response.ok) throw new Error("no history");
  const found = await response.json();
  const wasAtEnd = !begun || isAtEnd();
  ({ zone, locale, stopped } = found);
  skew = new Date(found.now) - Date.now();
  for (const one of found.mine) showMine(one, "kept");
  for (const one of found.cards) showCard(one);
  waiting.clear();
  for (const one of found.mine) if (!one.settled) waiting.add(one.source);
  drawThinking();
  stamp = Math.max(stamp, found.stamp);
  if (!begun) drawMenu(found.menu);
  begun = true;
  presence();
  if (wasAtEnd) toEnd();
  listen();
}

function listen() {
  stream?.close();
  stream = new EventSource(`/api/stream?stamp=${stamp}`);
  stream.addEventListener("open", () => { pause = 1000; presence(); });
  stream.addEventListener("card", (event) => {
    const wasAtEnd = isAtEnd();
    const data = JSON.parse(event.data);
    stamp = Math.max(stamp, data.stamp);
    showCard(data);
    arrived(data.source);
    if (wasAtEnd) toEnd();
  });
  stream.addEventListener("mine", (event) => {
    const data = JSON.parse(event.data);
    showMine(data, "kept");
  });
  stream.addEventListener("status", () => again(0));
  stream.addEventListener("error", () => again(pause));
}

function again(after) {
  stream?.close();
  stream = null;
  if (after) {
    $("presence").textContent = "Not connected. I try again by myself.";
    $("presence").className = "away";
    pause = Math.min(pause * 1.6, 8000);
  }
  clearTimeout(again.timer);
  again.timer = setTimeout(() => load().catch(() => again(pause)), after);
}

function presence() {
  $("presence").textContent = stopped ? "Stopped. Nothing leaves." : "On this computer, for you alone";
  $("presence").className = stopped ? "stopped" : "";
}

function signedOut() {
  stream?.close();
  stream = null;
  clearTimeout(again.timer);
  location.replace("/");
}

// ---- menu

function drawMenu(commands) {
  const menu = $("menu");
  for (const one of commands) {
    const item = make("button");
    item.type = "button";
    item.setAttribute("role", "menuitem");
    item.append(make("b"), make("span"));
    item.addEventListener("click", () => {
      openMenu(false);
      if (one.name === "find") {
        input.value = "/find ";
        input.focus();
        grow();
      } else say(`/${worded(one).name}`, [], false, null);
    });
    menu.append(item);
    menu.addEventListener("words", () => {
      const { name, says } = worded(one);
      item.querySelector("b").textContent = name[0].toUpperCase() + name.slice(1);
      item.querySelector("span").textContent = says;
    });
  }
  const cost = make("button", "apart");
  cost.type = "button";
  cost.setAttribute("role", "menuitem");
  cost.append(make("b", "", "Cost"), make("span", "", "What models have cost today"));
  cost.addEventListener("click", () => {
    openMenu(false);
    say("/cost", [], false, null);
  });
  menu.append(cost);
  const settings = make("button");
  settings.type = "button";
  settings.setAttribute("role", "menuitem");
  settings.append(make("b", "", "Settings"), make("span", "", "Phone, mail, a model, Slack"));
  settings.addEventListener("click", () => {
    openMenu(false);
    openSettings("");
  });
  menu.append(settings);
}

function worded(command) {
  if (command.name === "stop" && stopped) return { name: "resume", says: "Let things leave again" };
  return command;
}

function openMenu(open) {
  if (open) $("menu").dispatchEvent(new Event("words"));
  $("menu").hidden = !open;
  $("menu-button").setAttribute("aria-expanded", String(open));
  if (open) $("menu").querySelector("button")?.focus();
}

$("menu-button").addEventListener("click", (event) => {
  event.stopPropagation();
  openMenu($("menu").hidden);
});
document.addEventListener("click", (event) => {
  if (!$("menu").contains(event.target)) openMenu(false);
});
$("menu").addEventListener("keydown", (event) => {
  const items = [...$("menu").children];
  const at = items.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    items[(at + step + items.length) % items.length].focus();
  }
  if (event.key === "Escape") {
    openMenu(false);
    $("menu-button").focus();
  }
});

// ---- the composer

function grow() {
  if (!CSS.supports("field-sizing", "content")) {
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  }
  $("send").disabled = !input.value.trim() && !files.length;
}

function isPassedOn() {
  return $("passed-on").getAttribute("aria-pressed") === "true";
}

function passOn(on) {
  $("passed-on").setAttribute("aria-pressed", String(on));
  input.placeholder = on ? "Paste what somebody wrote" : "Message Steward";
}

function addFiles(list) {
  files = [...files, ...list];
  drawFiles();
  input.focus();
}

function drawFiles() {
  const list = $("files");
  list.replaceChildren();
  list.hidden = !files.length;
  for (const file of files) {
    const row = make("li");
    const drop = make("button", "round small");
    drop.type = "button";
    drop.setAttribute("aria-label", `Leave out ${file.name}`);
    drop.append($("answering").querySelector("svg").cloneNode(true));
    drop.addEventListener("click", () => { files = files.filter((one) => one !== file); drawFiles(); });
    row.append(make("span", "", file.name), drop);
    list.append(row);
  }
  grow();
}

function answer(data) {
  answering = data ? data.notice : null;
  const line = $("answering");
  line.hidden = !data;
  if (data) {
    line.querySelector("span").textContent = `About: ${data.title || data.says.split("\n")[0]}`;
    input.focus();
  }
}

function say(text, attached, forwarded, notice) {
  const id = newId();
  const form = new FormData();
  form.append("id", id);
  form.append("text", text);
  if (forwarded) form.append("forwarded", "yes");
  if (notice) form.append("notice", notice);
  for (const file of attached) form.append("file", file, file.name);
  showMine({ id, at: new Date(Date.now() + skew).toISOString().replace("Z", "+00:00"), text, files: attached.map((file) => ({ name: file.name, size: file.size })), forwarded }, "going");
  toEnd();
  deliver(id, form);
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value;
  if (!text.trim() && !files.length) return;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > 25 * 1024 * 1024) {
    toast("That is more than 25 MB; I can't take it in one piece.");
    return;
  }
  say(text, files, isPassedOn(), answering);
  input.value = "";
  files = [];
  drawFiles();
  passOn(false);
  answer(null);
  input.focus();
});

input.addEventListener("input", grow);
input.addEventListener("keydown", (event) => {
  const onPhone = matchMedia("(pointer: coarse)").matches;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !onPhone && !isPassedOn()) {
    event.preventDefault();
    composer.requestSubmit();
  }
});
input.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) {
    event.preventDefault();
    addFiles(event.clipboardData.files);
  }
});
$("attach").addEventListener("click", () => $("picker").click());
$("picker").addEventListener("change", () => {
  addFiles($("picker").files);
  $("picker").value = "";
});
$("passed-on").addEventListener("click", () => {
  passOn(!isPassedOn());
  input.focus();
});
$("answering").querySelector("button").addEventListener("click", () => answer(null));

let inside = 0;
document.addEventListener("dragenter", (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  inside += 1;
  $("drop").hidden = false;
});
document.addEventListener("dragleave", () => {
  inside = Math.max(0, inside - 1);
  if (!inside) $("drop").hidden = true;
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  inside = 0;
  $("drop").hidden = true;
  if (event.dataTransfer.files.length) addFiles(event.dataTransfer.files);
});

setInterval(() => {
  for (const one of cards.values()) if (one.deadline !== null) count(one, one.node);
}, 1000);

grow();
load().catch(() => again(pause));
