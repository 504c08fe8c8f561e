/** A random UUID. `crypto.randomUUID` is missing on pages without TLS and before Safari 15.4; any blob's address has one. */
export const uuid = (): string => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const address = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(address);
  return address.slice(-36);
};
