import { fileURLToPath } from 'node:url'

import react from '@vitejs/plugin-react'
import type { UserConfig } from 'vite'

const API = process.env.REGULARS_URL ?? 'http://127.0.0.1:8321'

/** What both faces build alike: where from, where to, and whom `vite` asks while one works. */
export function face(name: 'console' | 'member', base: string): UserConfig {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  return {
    root: here(`./${name}`),
    base,
    plugins: [react()],
    resolve: { alias: { '@regulars/shared': here('./shared/src') } },
    build: {
      outDir: here(`../src/regulars/faces/${name}`),
      emptyOutDir: true,
      // The policy of the pages allows no inline script or font.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 900,
    },
    server: { proxy: { '/v1': API, '/oauth': API } },
  }
}
