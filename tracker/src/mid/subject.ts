import { attribute } from "./attribute.js";

/** What an event is about. */
export interface Subject {
  /** The element itself and those around it, from the inside out, through open shadow roots. */
  readonly path: Element[];
  /** A selector of it that outlives the next release of the page. */
  readonly target: string;
  /** Whether it stands in a `data-ff-mask`: what it says must not be recorded. */
  readonly masked: boolean;
}

const MASK = "[data-ff-mask]";
const MOST_PARTS = 3;
const MOST_CHARACTERS = 256;

// Digits and state come and go with builds and use; what people name stays.
const passing = /\d\d|[:@]|^(is|has)-|^(active|disabled|focus(ed)?|hover|open|selected)$/;

const named = (element: Element): string => {
  const name = attribute(element, "data-ff");
  if (name) return `[data-ff="${name}"]`;
  const id = attribute(element, "id");
  return id && !passing.test(id) ? `${element.localName}#${id}` : "";
};

const classed = (element: Element): string => {
  const classes = attribute(element, "class");
  return classes
    ? [element.localName, ...classes.split(/\s+/)]
        .filter((name) => name && !passing.test(name))
        .slice(0, 3)
        .join(".")
    : element.localName;
};

const selector = (nodes: Node[]): string => {
  let text = "";
  let parts = 0;
  let joint = "";
  for (const node of nodes) {
    if (node.nodeType === 11) joint = ">>>";
    if (node.nodeType !== 1) continue;
    const element = node as Element;
    if (parts && /^(body|html)$/.test(element.localName)) break;
    const name = named(element);
    text = (name || classed(element)) + joint + text;
    joint = ">";
    if (name || ++parts === MOST_PARTS) break;
  }
  return text.slice(0, MOST_CHARACTERS);
};

let latest: Event | undefined;
let found: Subject | undefined;

/** What an event is about; undefined where that stands in a `data-ff-ignore`. Several modules may ask of one event. */
export const subject = (event: Event): Subject | undefined => {
  if (event === latest) return found;
  latest = event;
  found = undefined;
  const nodes = event.composedPath() as Node[];
  const path = nodes.filter((node) => node.nodeType === 1) as Element[];
  if (!within(path, "[data-ff-ignore]")) {
    // Of what is masked only the mask itself is named: ids and classes below it may tell what it says.
    const masked = within(path, MASK);
    const mask = masked && path.filter((element) => element.matches(MASK)).pop();
    found = { path, target: selector(mask ? nodes.slice(nodes.indexOf(mask)) : nodes), masked: !!mask };
  }
  return found;
};

/** The nearest element that matches a selector: the innermost one itself, or one around it, through shadow roots. */
export const within = ([innermost]: Element[], matching: string): Element | undefined => {
  let from: Element | undefined = innermost;
  while (from) {
    const found = from.closest(matching);
    if (found) return found;
    from = (from.getRootNode() as ShadowRoot).host;
  }
  return undefined;
};
