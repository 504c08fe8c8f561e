type Call = (detail?: unknown) => void;

/** Who wants to be called when. A call that throws is reported, and the others are made. */
export const createHooks = (report: (text: string, detail?: unknown) => void) => {
  const calls: Record<string, Set<Call>> = {};
  return {
    _on(hook: string, call: Call): () => void {
      const added = (calls[hook] ||= new Set());
      added.add(call);
      return () => {
        added.delete(call);
      };
    },
    _fire(hook: string, detail?: unknown): void {
      calls[hook]?.forEach((call) => {
        try {
          call(detail);
        } catch (error) {
          report(hook, error);
        }
      });
    },
  };
};
