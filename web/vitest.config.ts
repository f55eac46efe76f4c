import { fileURLToPath } from 'node:url'

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: { '@regulars/shared': fileURLToPath(new URL('./shared/src', import.meta.url)) },
  },
  // The examples of the repository are read by tests.
  server: { fs: { allow: ['..'] } },
  test: {
    environment: 'jsdom',
    testTimeout: 20_000,
    // antd's ES modules import without file extensions, which Node alone cannot resolve.
    server: { deps: { inline: [/antd/, /@ant-design/, /@rc-component/, /@react-querybuilder/] } },
  },
})
