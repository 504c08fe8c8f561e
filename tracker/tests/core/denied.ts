import { vi } from "vitest";

const deny = () => {
  throw new DOMException("The operation is insecure.", "SecurityError");
};

/** A browser that denies its storage: it throws at the first look. */
export const denyStorage = (): void => {
  vi.stubGlobal(
    "localStorage",
    new Proxy({}, { get: deny, set: deny, ownKeys: deny, has: deny, deleteProperty: deny }),
  );
  vi.stubGlobal("indexedDB", { open: deny });
};

/** And its cookies too. */
export const denyCookies = (): void => {
  vi.spyOn(document, "cookie", "get").mockImplementation(deny);
  vi.spyOn(document, "cookie", "set").mockImplementation(deny);
};
