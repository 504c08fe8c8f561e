/** What an attribute says; undefined where it is not there. */
export const attribute = (element: Element | undefined | null, name: string): string | undefined =>
  element?.getAttribute(name) ?? undefined;
