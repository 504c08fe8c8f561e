const MOST_CHARACTERS = 500;

/** A text without e-mail addresses and without runs of four or more digits, cut to 500 characters. */
export const maskText = (text: unknown): string =>
  String(text)
    .slice(0, MOST_CHARACTERS)
    .replace(/[^\s@"'<>()=:,;/]+(@|%40)[^\s@"'<>()=:,;/]+/g, "(mail)")
    .replace(/\d{4,}/g, "#");
