let replayed = 0;

/** The time in epoch milliseconds: the browser's clock or, in a replay, when the call was first made. */
export const now = (): number => replayed || Date.now();

/** Make a call as of an earlier time: one that the page made before the tracker had loaded. */
export const replay = (time: number, call: () => void): void => {
  replayed = time;
  try {
    call();
  } finally {
    replayed = 0;
  }
};
