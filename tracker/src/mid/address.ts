import { attribute } from "./attribute.js";

/**
 * Where a link leads; undefined where it has no address.
 *
 * @throws where it has one that is none
 */
export const address = (link: Element | undefined): URL | undefined => {
  // An SVG's link has an object where others have a text, hence the attribute.
  const text = attribute(link, "href");
  return text === undefined ? text : new URL(text, document.baseURI);
};
