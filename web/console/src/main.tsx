/** Where the console begins. */
import { api } from '@regulars/shared/api/client'
import { startWords, type Words } from '@regulars/shared/i18n'
import type { Language } from '@regulars/shared/languages'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'

import './shell/nonce'
import './console.css'
import { AREAS } from './shell/areas'
import { router } from './shell/router'
import { Themed } from './shell/Themed'
import { isWorthAnotherTry } from './shell/tries'

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: isWorthAnotherTry, staleTime: 10_000, refetchOnWindowFocus: false },
  },
})

const wordsOf = async (spoken: Language, folder: string): Promise<Words | undefined> => {
  const { WORDS } = await (spoken === 'zh' ? import('./words.zh') : import('./words.en'))
  return WORDS[`./${folder}/words.${spoken}.json`]
}

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
// What every page waits for is asked for at once, not one after the other: who is there, and the
// words of the menu, in which each area has its own.
void queries.query(api.queryOptions('get', '/v1/staff/me', {})).catch(() => undefined)
await startWords(wordsOf, ['shell', ...AREAS.map((area) => area.key)])
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
