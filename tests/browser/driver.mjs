// A real Chromium, driven over lines of JSON: {id, target, method, arguments} in, {id, value | object | error} out.
//
// `target` is the number of an object that was handed out before (0: the browser), `method` a path below it such as
// "mouse.move", or `sendUntil` of a session. What comes back as JSON is a `value`; anything else (a page, a response, ...)
// is kept here, and its number is the `object`. What goes wrong inside the pages is collected: "problems" tells it and
// forgets it.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const options = JSON.parse(process.argv[2] ?? "{}");
const objects = new Map();
let last = -1;
const problems = [];

function keep(object) {
  objects.set(++last, object);
  return last;
}

function watch(context) {
  context.on("weberror", (error) => problems.push(String(error.error())));
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
}

function isPlain(value) {
  if (value === null || typeof value !== "object") return true;
  const prototype = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return value.every(isPlain);
  return prototype === Object.prototype || prototype === null;
}

/** Send a command over a session of DevTools, and wait for an event of something: what that tells. */
async function sendUntil(session, command, options, source, event) {
  const told = new Promise((done) => source.once(event, done));
  await session.send(command, options);
  return told;
}

async function call({ target, method, arguments: parameters }) {
  if (method === "problems") return { value: problems.splice(0) };
  if (method === "forget") return { value: objects.delete(target) };
  const steps = method.split(".");
  const name = steps.pop();
  let owner = objects.get(target);
  for (const step of steps) owner = owner[step];
  const given = parameters.map((value) => (value?.$object === undefined ? value : objects.get(value.$object)));
  let result = await (name === "sendUntil" ? sendUntil(owner, ...given) : owner[name](...given));
  if (name === "newContext") watch(result);
  if (result instanceof Uint8Array) result = Buffer.from(result).toString("base64");
  if (result === undefined) result = null;
  if (Array.isArray(result) && !isPlain(result)) return { objects: result.map(keep) };
  return isPlain(result) ? { value: result } : { object: keep(result) };
}

// For a Lambda: with the first two a page that crashes takes the browser with it; the others would let pages read what
// a visitor's browser keeps from them, so that answers without CORS headers would go unseen.
const LEFT_OUT = new Set([
  "--single-process",
  "--no-zygote",
  "--disable-web-security",
  "--allow-running-insecure-content",
  "--disable-site-isolation-trials",
]);

async function launch() {
  if (options.executable) return chromium.launch({ executablePath: options.executable, args: options.args, headless: true, ignoreDefaultArgs: options.without });
  const packed = (await import("@sparticuz/chromium")).default;
  const args = packed.args.filter((argument) => !LEFT_OUT.has(argument));
  return chromium.launch({ executablePath: await packed.executablePath(), args: [...args, ...(options.args ?? [])], headless: true, ignoreDefaultArgs: options.without });
}

function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

const browser = await launch();
keep(browser);
say({ id: -1, value: browser.version() });
const lines = createInterface({ input: process.stdin });
const MOST_MS = 60_000; // a call to a page that has crashed may never end
lines.on("line", async (line) => {
  const request = JSON.parse(line);
  try {
    const late = new Promise((_, reject) => setTimeout(reject, MOST_MS, new Error("no answer in a minute")).unref());
    say({ id: request.id, ...(await Promise.race([call(request), late])) });
  } catch (error) {
    say({ id: request.id, error: String(error?.message ?? error) });
  }
});
lines.on("close", async () => {
  await browser.close();
  process.exit(0);
});
