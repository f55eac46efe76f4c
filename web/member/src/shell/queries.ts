/** What the pages remember of the server's answers. */
import { QueryClient } from '@tanstack/react-query'

import { problemOf } from '@regulars/shared/problems'

const TRIES = 2

/** A refusal is an answer; only where none came, or the server was at a loss, it is asked again. */
function isWorthAnotherTry(tries: number, thrown: unknown): boolean {
  const { status } = problemOf(thrown)
  return tries < TRIES && (status === 503 || status === 502)
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: isWorthAnotherTry,
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})
