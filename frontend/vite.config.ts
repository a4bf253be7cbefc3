import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { manifest } from "./build/manifest.ts";

export default defineConfig({
  base: "./",
  plugins: [manifest()],
  css: {
    preprocessorOptions: {
      scss: {
        quietDeps: true,
        silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
      },
    },
  },
  build: {
    target: "es2023",
    outDir: fileURLToPath(new URL("../src/linli/web/static/linli", import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { main: fileURLToPath(new URL("src/main.ts", import.meta.url)) } },
  },
});
