/** Where the member's pages begin. */
import { startWords, type Words } from '@regulars/shared/i18n'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'

import { App } from './shell/App'
import { askHome } from './shell/home'
import { queries } from './shell/queries'
import './member.css'

async function begin(): Promise<void> {
  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no #root')
  // What most visits want is asked for beside the words, not after them.
  askHome()
  const words = import.meta.glob<Words>('./*/words.*.json', { import: 'default' })
  await startWords(words, ['shell', 'home'])
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <BrowserRouter basename="/my/">
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </StrictMode>,
  )
}

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  window.addEventListener('load', () => {
    void navigator.serviceWorker.register('/my/sw.js', { scope: '/my/' }).catch(() => undefined)
  })
}

void begin()
