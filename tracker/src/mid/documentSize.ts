const FOR_MS = 1_000;

let asked = 0;
let width = 0;
let height = 0;

/** The document's size, in CSS pixels, as it was within the last second: to ask may make the browser lay it out. */
export const documentSize = (): { width: number; height: number } => {
  const now = Date.now();
  if (Math.abs(now - asked) > FOR_MS) {
    asked = now;
    ({ scrollWidth: width, scrollHeight: height } = document.documentElement);
  }
  return { width, height };
};
