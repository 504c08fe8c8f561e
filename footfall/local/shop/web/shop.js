// The demo shop's own behaviour. What it tells the tracker is what a shop would: items seen, put into the basket, bought.
const CURRENCY = "EUR";
const root = "/shop/";
const element = (id) => document.getElementById(id);
const euros = (number) => `€ ${number.toFixed(2)}`;
const tell = (...call) => window.ff?.(...call);

// Storage may be denied: then the basket lives as long as the page.
const memory = new Map();
function read(area, name) {
  try {
    return window[area].getItem(name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}
function write(area, name, text) {
  memory.set(name, text);
  try {
    window[area].setItem(name, text);
  } catch {
    // kept in memory
  }
}

const basket = () => JSON.parse(read("sessionStorage", "shop-basket") ?? "[]");
function keepBasket(lines) {
  write("sessionStorage", "shop-basket", JSON.stringify(lines));
  showCount();
}
function showCount() {
  element("basket-count").textContent = basket().reduce((sum, line) => sum + line.quantity, 0);
}
function order() {
  const items = basket().map(({ item, quantity, value }) => ({ item, quantity, value }));
  const cents = items.reduce((sum, line) => sum + Math.round(line.value * 100) * line.quantity, 0);
  return { items, value: cents / 100, currency: CURRENCY };
}

customElements.define(
  "quantity-picker",
  class extends HTMLElement {
    quantity = 1;
    connectedCallback() {
      const shadow = this.attachShadow({ mode: "open" });
      const look = new CSSStyleSheet(); // a policy without inline styles allows these
      look.replaceSync("button { width: 2.2rem; height: 2.2rem; border: 1px solid #c9c2af; border-radius: .5rem; background: #fff; font: inherit }");
      shadow.adoptedStyleSheets = [look];
      const button = (name, text, step) => {
        const made = document.createElement("button");
        made.type = "button";
        made.textContent = text;
        made.dataset.ff = name;
        made.setAttribute("aria-label", name);
        made.addEventListener("click", () => {
          this.quantity = Math.min(99, Math.max(1, this.quantity + step));
          shown.textContent = this.quantity;
        });
        return made;
      };
      const shown = document.createElement("output");
      shown.textContent = this.quantity;
      shadow.append(button("less", "−", -1), " ", shown, " ", button("more", "+", 1));
    }
  },
);

function productPage() {
  const product = document.querySelector("[data-product]");
  if (!product) return;
  const line = { item: product.dataset.product, value: Number(product.dataset.price) };
  tell("track", "product_view", { ...line, currency: CURRENCY });
  element("add").addEventListener("click", () => {
    const { quantity } = document.querySelector("quantity-picker");
    const lines = basket();
    const known = lines.find(({ item }) => item === line.item);
    if (known) known.quantity += quantity;
    else lines.push({ ...line, title: product.dataset.title, quantity });
    keepBasket(lines);
    element("added").textContent = `${quantity} in your basket.`;
    tell("track", "add_to_cart", { ...line, quantity, currency: CURRENCY });
  });
}

function cell(row, text, kind = "td") {
  row.appendChild(document.createElement(kind)).textContent = text;
}
function basketTable() {
  const place = element("basket");
  if (!place) return;
  const lines = basket();
  const table = document.createElement("table");
  const head = table.insertRow();
  for (const name of ["Item", "Quantity", "Price"]) cell(head, name, "th");
  for (const { title, quantity, value } of lines) {
    const row = table.insertRow();
    for (const text of [title, quantity, euros(value * quantity)]) cell(row, text);
  }
  const total = table.insertRow();
  for (const text of ["Together", "", euros(order().value)]) cell(total, text, "th");
  place.replaceChildren(lines.length ? table : "Nothing yet.");
}

function checkout() {
  const form = element("checkout");
  if (!form) return;
  tell("track", "begin_checkout", order());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell("track", "purchase", order());
    keepBasket([]);
    location.assign(form.action);
  });
}

function tabs(place, entries, current) {
  place.replaceChildren(
    ...entries.map(({ href, title }) => {
      const link = document.createElement("a");
      link.href = href;
      link.textContent = title;
      if (href === current) link.setAttribute("aria-current", "page");
      return link;
    }),
  );
}
function written(place, title, text) {
  const heading = document.createElement("h2");
  heading.textContent = title;
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  place.replaceChildren(heading, paragraph);
  document.title = `${title} | Fernway`;
}

function guides() {
  const article = element("guide");
  if (!article) return;
  const entries = JSON.parse(article.dataset.guides).map(({ name, title }) => ({ href: `#/${name}`, title }));
  const show = () => {
    const current = entries.find(({ href }) => href === location.hash) ?? entries[0];
    tabs(element("guides"), entries, current.href);
    written(article, current.title, "Take a spade, a chair and an hour. Begin with the soil, end with tea, and write down what you did.");
  };
  addEventListener("hashchange", show);
  show();
}

const TASKS = {
  march: "Sow tomatoes indoors. Prune the roses before they hurry.",
  may: "Harden off what grew on the sill. Plant out after the last frost.",
  july: "Water early. Pick often, and the beans will go on.",
  october: "Plant tulips deep. Rake the leaves to where the hedgehogs are.",
};
function planner() {
  const article = element("month");
  if (!article) return;
  const base = `${root}planner`;
  const entries = Object.keys(TASKS).map((name) => ({ name, href: `${base}/${name}`, title: name[0].toUpperCase() + name.slice(1) }));
  const show = () => {
    const current = entries.find(({ href }) => href === location.pathname);
    tabs(element("months"), entries, current?.href);
    if (current) written(article, current.title, TASKS[current.name]);
    else article.replaceChildren("Choose a month.");
  };
  element("months").addEventListener("click", (event) => {
    if (event.target.tagName !== "A") return;
    event.preventDefault();
    history.pushState(null, "", event.target.href);
    show();
  });
  addEventListener("popstate", show);
  show();
}

function consent() {
  const banner = element("consent");
  const choose = (choice) => {
    write("localStorage", "shop-consent", choice);
    banner.hidden = true;
    tell("consent", choice);
  };
  banner.hidden = read("localStorage", "shop-consent") !== null;
  element("accept").addEventListener("click", () => choose("granted"));
  element("decline").addEventListener("click", () => choose("denied"));
  element("privacy").addEventListener("click", () => {
    banner.hidden = false;
  });
}

function newsletter() {
  const form = element("newsletter");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector("output").textContent = "Thank you: but there are no letters, this is a demo.";
    form.reset();
  });
}

showCount();
productPage();
basketTable();
checkout();
guides();
planner();
consent();
newsletter();
