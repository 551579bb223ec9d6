// Checks the public log in the reader's browser. verify.mjs, which is loaded on demand, does all
// checks; this file shows the results. It reads the log's files and sends nothing.

(() => {
  const page = document.querySelector("[data-verifier]");
  if (!page) return;
  const words = page.dataset;
  const find = (name) => page.querySelector(`[data-${name}]`);
  const form = find("form");
  const field = (name) => page.querySelector(`#${name}`);

  const complain = (name, text) => {
    const shown = field(`${name}-error`);
    shown.textContent = text;
    shown.hidden = !text;
    field(name).toggleAttribute("aria-invalid", false);
    if (text) {
      field(name).setAttribute("aria-invalid", "true");
      field(name).closest("details").open = true;
      field(name).focus();
    }
    return !text;
  };

  // The keys in a field, one per line; null if there are none, so that the log's own are used.
  const keysIn = (name, readKey) => {
    const lines = field(name).value.split("\n").map((line) => line.trim()).filter(Boolean);
    try {
      lines.forEach(readKey);
    } catch {
      complain(name, words.badKey);
      return undefined;
    }
    complain(name, "");
    return lines.length ? lines : null;
  };

  // The reader's files, recognised by their first line, under the paths that verify.mjs expects.
  const folders = { "c2sp.org/tlog-proof@v1": "receipts", "promise/v1": "promises" };
  const ownFiles = async () => {
    const found = new Map();
    for (const [number, file] of [...field("own-files").files].entries()) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const first = new TextDecoder().decode(bytes.subarray(0, 100)).split("\n")[0];
      const folder = folders[first];
      if (!folder) {
        complain("own-files", words.unknownFile.replace("{file}", () => file.name));
        return undefined;
      }
      found.set(`${folder}/${number + 1}-${file.name.replace(/[^\w.-]/g, "_").replace(/^\.+/, "")}`, bytes);
    }
    complain("own-files", "");
    return found;
  };

  const item = (name, text) => {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  };

  const listOf = (finding) => {
    const list = document.createElement("ul");
    list.append(...finding.details.slice(0, 20).map((line) => item("li", line)));
    return list;
  };

  const show = (result) => {
    const section = find("result");
    const isOwn = (each) => ["receipt", "promise", "foreign"].includes(each.subject);
    const wrong = result.findings.some((each) => each.state === "fails");
    section.dataset.state = result.green ? "green" : wrong ? "fails" : "open";
    find("mark").textContent = result.green ? "✓" : "!";
    find("sentence").textContent = result.sentence;
    const meaning = result.meaning.map((line) => item("li", line));
    const key = result.findings.find((each) => each.subject === "key" && each.state === "open");
    if (key && meaning.length) meaning[0].append(document.createElement("br"), item("code", key.details[0]));
    find("meaning").replaceChildren(...meaning);
    find("meaning-part").hidden = !meaning.length;
    // Each has its own state: the log can pass while the reader's file fails.
    const own = result.findings.filter(isOwn).map((each) => {
      const line = item("li", ` ${each.sentence}`);
      line.prepend(item("strong", `${words[each.state]}:`));
      if (each.details.length) line.append(listOf(each));
      return line;
    });
    find("own-findings").replaceChildren(...own);
    find("own").hidden = !own.length;
    const order = ["fails", "open", "holds"];
    const sorted = [...result.findings].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
    const checks = sorted.flatMap((each) => {
      const about = item("dd", each.sentence);
      if (each.details.length) about.append(listOf(each));
      const state = item("dt", words[each.state]);
      state.dataset.state = each.state;
      return [state, about];
    });
    find("findings").replaceChildren(...checks);
    section.hidden = false;
    section.focus();
  };

  const progress = (text, done, known) => {
    find("progress").hidden = !text;
    find("progress-words").textContent = text;
    find("progress-bar").max = known || 1;
    if (known) find("progress-bar").value = done;
    else find("progress-bar").removeAttribute("value");
  };

  // Copies and counts in a worker; see ledger_check.js. Returns the result, or throws the error.
  const checked = (asked) => new Promise((done, failed) => {
    const worker = new Worker(words.worker, { type: "module" });
    const end = (settle, value) => {
      worker.terminate();
      settle(value);
    };
    worker.onerror = (event) => end(failed, new Error(event.message ?? ""));
    worker.onmessage = ({ data }) => {
      if (data.result) end(done, data.result);
      else if ("problem" in data) end(failed, new Error(data.problem));
      else if (data.counting) progress(words.counting, data.done ?? 0, data.known ?? 0);
      else progress(words.copying, data.done, data.known);
    };
    worker.postMessage(asked);
  });

  const check = async () => {
    const { readKey } = await import(words.verifier);
    const own = await ownFiles();
    const witnessKeys = keysIn("witness-keys", readKey);
    const logKeys = keysIn("log-key", readKey);
    if (own === undefined || witnessKeys === undefined || logKeys === undefined) return;
    progress(words.copying, 0, 1);
    const [verifier, log] = [words.verifier, words.log].map((path) => new URL(path, location.href).href);
    const chosen = { logKey: logKeys && logKeys[0], witnessKeys, now: Date.now() };
    show(await checked({ verifier, log, own, chosen }));
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = find("start");
    button.disabled = true;
    find("result").hidden = true;
    try {
      await check();
    } catch (problem) {
      show({ green: false, sentence: words.trouble, meaning: [String(problem.message)], findings: [] });
    }
    progress("", 0, 0);
    button.disabled = false;
  });
})();
