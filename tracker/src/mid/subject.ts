import { attribute } from "./attribute.js";

/** What an event is about. */
export interface Subject {
  /** The element itself, within an open shadow root too; none where it is the document's. */
  readonly _element: Element | undefined;
  /** A selector of it that outlives the next release of the page. */
  readonly target: string;
  /** Where it happened, in CSS pixels of the document; of a mouse's events. */
  readonly x: number;
  readonly y: number;
  /** Whether it stands in a `data-ff-mask`: what it says must not be recorded. */
  readonly _masked: boolean;
}

const MARKS = "[data-ff-ignore],[data-ff-mask]";
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

/** What is around a node, of a shadow root its host; undefined above the document. */
export const around = (node: Node): Node | undefined => node.parentNode || (node as ShadowRoot).host;

const selector = (from: Node | undefined): string => {
  let text = "";
  let parts = 0;
  let joint = "";
  for (let node = from; node; node = around(node)) {
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
  const { target: outer, pageX, pageY } = event as MouseEvent & { target: Element };
  const innermost = (outer.shadowRoot ? event.composedPath()[0] : outer) as Node;
  const _element = innermost.nodeType === 1 ? (innermost as Element) : undefined;
  // Of what is masked only the outermost mask is named: ids and classes below it may tell what it says.
  let mask: Node | undefined;
  for (let at = within(_element, MARKS); at; at = within(around(at), MARKS)) {
    if (at.matches("[data-ff-ignore]")) return found;
    mask = at;
  }
  const target = selector(mask || innermost);
  found = { _element, target, x: Math.round(pageX), y: Math.round(pageY), _masked: !!mask };
  return found;
};

/** The nearest element that matches a selector: the innermost one itself, or one around it, through shadow roots. */
export const within = (from: Node | undefined, matching: string): Element | undefined =>
  // The document has no `closest`, nor has a shadow root.
  from && ((from as Element).closest?.(matching) || within((from.getRootNode() as ShadowRoot).host, matching));
