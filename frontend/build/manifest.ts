import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { named, sprite } from "./icons.ts";

/** What the server must know of a build: the entry, its style sheets and the icon sprite. */
interface Manifest {
  script: string;
  styles: string[];
  preload: string[];
  icons: string;
  favicon: string;
}

/** Write `manifest.json` beside the assets, add the icon sprite, and put a gzip twin beside each text file. */
export function manifest(): Plugin {
  return {
    name: "linli-manifest",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const icons = sprite(JSON.parse(readFileSync(new URL("../src/icons.json", import.meta.url), "utf8")));
        const favicon = named("favicon", readFileSync(new URL("../src/favicon.svg", import.meta.url), "utf8"));
        for (const drawing of [icons, favicon]) this.emitFile({ type: "asset", ...drawing });
        const files = Object.values(bundle);
        const entry = files.find((file) => file.type === "chunk" && file.isEntry);
        if (entry?.type !== "chunk") throw new Error("the build has no entry");
        const styles = files.filter((file) => file.type === "asset" && file.fileName.endsWith(".css"));
        const made: Manifest = {
          script: entry.fileName,
          styles: styles.map((file) => file.fileName).filter((name) => /\/main-/.test(name)),
          preload: entry.imports,
          icons: icons.fileName,
          favicon: favicon.fileName,
        };
        this.emitFile({ type: "asset", fileName: "manifest.json", source: JSON.stringify(made, null, 2) });
        const drawings = [icons, favicon].map((drawing) => ({ type: "asset" as const, ...drawing }));
        for (const file of [...files, ...drawings]) {
          if (!/\.(m?js|css|svg)$/.test(file.fileName)) continue;
          const source = file.type === "chunk" ? file.code : file.source;
          this.emitFile({ type: "asset", fileName: `${file.fileName}.gz`, source: gzipSync(source, { level: 9 }) });
        }
      },
    },
  };
}
