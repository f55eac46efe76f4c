import { defineConfig, type Plugin } from 'vite'

import { face } from '../vite.shared.ts'
import { icons } from './scripts/icons.js'

/** What the service worker keeps for times without a network, and the icons, drawn anew. */
function extras(): Plugin {
  return {
    name: 'regulars-member-extras',
    apply: 'build',
    generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((name) => name.startsWith('assets/'))
      this.emitFile({ type: 'asset', fileName: 'files.json', source: JSON.stringify(files.sort()) })
      for (const { fileName, source } of icons()) this.emitFile({ type: 'asset', fileName, source })
    },
  }
}

const base = face('member', '/my/')

export default defineConfig({
  ...base,
  plugins: [...(base.plugins ?? []), extras()],
  build: {
    ...base.build,
    // Webviews of some years ago.
    target: ['chrome87', 'safari15'],
  },
})
