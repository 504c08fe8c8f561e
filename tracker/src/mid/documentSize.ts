/** The document's size, in CSS pixels. */
export const documentSize = (): { width: number; height: number } => {
  const { scrollWidth: width, scrollHeight: height } = document.documentElement;
  return { width, height };
};
