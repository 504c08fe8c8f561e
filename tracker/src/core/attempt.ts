/** Do what a browser may refuse, such as to use its storage. Returns undefined where it did. */
export const attempt = <Found>(act: () => Found): Found | undefined => {
  try {
    return act();
  } catch {
    return undefined;
  }
};
