import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { __VERSION__: JSON.stringify("1.2.3") },
  test: {
    include: ["tests/**/*.test.{ts,mjs}"],
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "https://shop.example/" } },
    restoreMocks: true,
    unstubGlobals: true,
  },
});
