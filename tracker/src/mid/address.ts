/** Where a link leads; undefined where it has no address that can be read. */
export const address = (link: Element): URL | undefined => {
  try {
    // An SVG's link has an object where others have a text, hence the attribute.
    const text = link.getAttribute("href") ?? link.getAttribute("xlink:href");
    return text === null ? undefined : new URL(text, document.baseURI);
  } catch {
    return undefined;
  }
};
