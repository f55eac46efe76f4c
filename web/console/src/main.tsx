/** Where the console begins. */
import { startWords, type Words } from '@regulars/shared/i18n'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'

import './shell/nonce'
import './console.css'
import { router } from './shell/router'
import { Themed } from './shell/Themed'
import { isWorthAnotherTry } from './shell/tries'

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: isWorthAnotherTry, staleTime: 10_000, refetchOnWindowFocus: false },
  },
})

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
await startWords(import.meta.glob<Words>('./*/words.*.json', { import: 'default' }))
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Themed>
        <Suspense>
          <RouterProvider router={router} />
        </Suspense>
      </Themed>
    </QueryClientProvider>
  </StrictMode>,
)
