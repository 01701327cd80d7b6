// The settings: what is typed here is tried by the server before it is kept.
// A secret goes out and never comes back; the server only says that it is there.

const sheet = $("settings");
const panel = (what) => $(`set-${what}`);
const WORKS = ["telegram", "mail", "model", "slack"];
const KEPT = "Kept. Leave it empty to go on with it.";
let looking = 0;

async function openSettings(what) {
  if (!sheet.open) sheet.showModal();
  for (const one of WORKS) panel(one).open = one === what;
  await readSettings(true);
  if (what) panel(what).querySelector("form input:not([type=hidden])")?.focus();
}

async function readSettings(fills) {
  clearTimeout(looking);
  try {
    const response = await fetch("/api/settings", { credentials: "same-origin" });
    if (response.status === 401) signedOut();
    if (response.ok) drawSettings(await response.json(), fills);
  } catch {
    // the server begins anew after each change; it is looked for again below
  }
  if (sheet.open) looking = setTimeout(() => readSettings(false), 2000);
}

function drawSettings(found, fills) {
  const { telegram, mail, model, slack } = found;
  headline("telegram", telegram.set ? (telegram.paired ? `@${telegram.account}` : "Scan to finish") : "");
  headline("mail", mail.set ? mail.address : "");
  headline("model", model.set ? model.model_name : "");
  headline("slack", slack.set ? (slack.paired ? "Connected" : "Pair to finish") : "");
  sheet.querySelector(".where").textContent = `All of this is kept in ${found.file}, which only you can read.`;
  drawTelegram(telegram);
  drawSlack(slack);
  for (const box of panel("slack").querySelectorAll("input")) box.placeholder = slack.set ? KEPT : box.placeholder;
  if (!fills) return;
  fill("mail", mail, mail.has_password);
  fill("model", model, model.has_key);
  servers();
}

function headline(what, words) {
  const line = panel(what).querySelector("summary span");
  line.textContent = words || "Not connected";
  line.classList.toggle("is-set", Boolean(words));
}

function drawTelegram(telegram) {
  const box = panel("telegram");
  const form = box.querySelector("form");
  const scan = box.querySelector(".paired");
  const other = box.querySelector(".other");
  const wasScanning = !scan.hidden;
  scan.hidden = !telegram.link;
  other.hidden = !telegram.set || !form.hidden;
  if (!form.dataset.open) form.hidden = telegram.set;
  other.hidden = !form.hidden;
  if (telegram.link) {
    scan.querySelector("img").src = telegram.picture;
    scan.querySelector(".link").textContent = telegram.link;
  } else if (wasScanning && telegram.paired) {
    right(box, `Your phone is paired. The chat with @${telegram.account} is yours alone.`);
  }
}

function drawSlack(slack) {
  const box = panel("slack");
  const pair = box.querySelector(".paired");
  const wasPairing = !pair.hidden;
  pair.hidden = !slack.words;
  if (slack.words) pair.querySelector(".link").textContent = slack.words;
  else if (wasPairing && slack.paired) right(box, "Your chat with the app is yours alone now.");
}

function fill(what, values, hasSecret) {
  const form = panel(what).querySelector("form");
  for (const [name, value] of Object.entries(values)) {
    const box = form.elements[name];
    if (box && value !== undefined && !box.value) box.value = value;
  }
  if (what === "mail" && form.elements.username.value === values.address) form.elements.username.value = "";
  if (hasSecret) form.querySelector("[type=password]").placeholder = KEPT;
}

// ---- a form is tried

for (const what of WORKS) {
  const form = panel(what).querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button.first");
    if (button.disabled) return;
    clearWords(panel(what));
    button.disabled = true;
    button.textContent = "Trying it";
    const body = JSON.stringify(Object.fromEntries(new FormData(form)));
    const answer = await ask(`/api/settings/${what}`, { body, headers: { "content-type": "application/json" } });
    button.disabled = false;
    button.textContent = "Connect";
    if (answer.kept) kept(what, form, answer);
    else if (answer.sentence) wrong(form, answer);
    else wrong(form, { field: "", sentence: answer.error || "I am not there right now.", step: "Wait a moment, then press Connect again." });
  });
}

function kept(what, form, { says, state }) {
  for (const box of form.querySelectorAll("[type=password]")) box.value = "";
  delete form.dataset.open;
  right(panel(what), says);
  drawSettings(state, true);
}

function wrong(form, { field, sentence, step }) {
  const box = form.elements[field];
  const words = make("p", "wrong");
  words.id = `wrong-${field || "form"}`;
  words.setAttribute("role", "alert");
  words.append(make("b", "", sentence), step);
  if (box) {
    box.setAttribute("aria-invalid", "true");
    box.setAttribute("aria-describedby", words.id);
    const hidden = box.closest(".servers");
    if (hidden) hidden.open = true;
    (box.closest(".row") || box.closest("label")).after(words);
    box.focus();
  } else form.querySelector(".buttons").before(words);
  const advice = form.querySelector(".advice");
  if (advice && advice.textContent === step) advice.hidden = true; // once is enough
  words.scrollIntoView({ block: "nearest" });
}

function right(box, says) {
  clearWords(box);
  const words = make("p", "right", says);
  words.setAttribute("role", "status");
  box.querySelector("summary").after(words);
}

function clearWords(box) {
  for (const words of box.querySelectorAll(".wrong, .right")) words.remove();
  for (const advice of box.querySelectorAll(".advice")) advice.hidden = !advice.textContent;
  for (const one of box.querySelectorAll("[aria-invalid]")) {
    one.removeAttribute("aria-invalid");
    one.removeAttribute("aria-describedby");
  }
}

// ---- the servers that belong to an address

const mailForm = panel("mail").querySelector("form");
const GUESSED = ["smtp_host", "smtp_port", "smtp_security", "imap_host", "imap_port", "imap_security"];

mailForm.elements.address.addEventListener("change", async () => {
  const body = JSON.stringify({ address: mailForm.elements.address.value });
  const found = await ask("/api/settings/servers", { body, headers: { "content-type": "application/json" } });
  const advice = mailForm.querySelector(".advice");
  advice.textContent = found.password || found.closed || "";
  advice.hidden = !advice.textContent;
  if (!found.smtp) return;
  for (const name of GUESSED) {
    const [which, key] = name.split("_");
    const box = mailForm.elements[name];
    // what the owner has typed stays
    if (!box.dataset.own) box.value = found[which][key];
  }
  servers(found.known ? found.name : "guessed from the address");
});
for (const name of GUESSED) {
  mailForm.elements[name].addEventListener("input", (event) => { event.target.dataset.own = "yes"; });
}

function servers(name) {
  mailForm.querySelector(".servers summary span").textContent = name || mailForm.elements.smtp_host.value;
}

// ---- the sheet itself

panel("telegram").querySelector(".other button").addEventListener("click", () => {
  const form = panel("telegram").querySelector("form");
  form.dataset.open = "yes";
  form.hidden = false;
  panel("telegram").querySelector(".other").hidden = true;
  form.elements.token.focus();
});
for (const link of sheet.querySelectorAll(".copy.link")) {
  link.addEventListener("click", async () => {
    if (await copy(link.textContent)) link.classList.add("copied");
  });
}
$("settings-close").addEventListener("click", () => sheet.close());
sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
sheet.addEventListener("close", () => {
  clearTimeout(looking);
  for (const what of WORKS) clearWords(panel(what));
  for (const box of sheet.querySelectorAll("[type=password]")) box.value = "";
});
