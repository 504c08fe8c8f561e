// biome-ignore lint/suspicious/noExplicitAny: each hook has a detail of its own
type Call = (detail?: any) => void;

/** Who wants to be called when. @param guard Makes a call safe: the others are made though one throws. */
export const createHooks = (guard: (call: Call) => Call) => {
  const calls: Record<string, Set<Call>> = {};
  return {
    _on(hook: string, call: Call): () => void {
      const added = (calls[hook] ||= new Set());
      added.add(call);
      return () => added.delete(call) as unknown as void;
    },
    _fire(hook: string, detail?: unknown): void {
      calls[hook]?.forEach((call) => guard(call)(detail));
    },
  };
};
