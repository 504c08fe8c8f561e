/**
 * A random UUID: any blob's address has one. `crypto.randomUUID` is missing on pages without TLS and before Safari 15.4.
 */
export const uuid = (): string => {
  const address = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(address);
  return address.slice(-36);
};
