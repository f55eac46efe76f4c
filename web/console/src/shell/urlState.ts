/** Filters, tabs and ranges live in the address, so that a link shows what its sender saw. */
import { useCallback } from 'react'
import { useNavigate, useSearchParams } from 'react-router'

/** One parameter of the address; empty is left out. A change forgets the page one was on. */
export function useUrlState(name: string, initial = ''): [string, (next: string) => void] {
  const [found, set] = useUrlStates()
  return [found(name) ?? initial, (next) => set({ [name]: next === initial ? '' : next })]
}

/** All parameters: read one, or change several at once. */
export function useUrlStates(): [
  (name: string) => string | undefined,
  (next: Record<string, string>) => void,
] {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const read = useCallback((name: string) => params.get(name) ?? undefined, [params])
  const write = useCallback(
    (next: Record<string, string>) => {
      // Of the address as it is now: what this page was last drawn from may be older, and whoever
      // sets a second filter then would lose the first.
      const after = new URLSearchParams(window.location.search)
      after.delete('cursor')
      for (const [name, value] of Object.entries(next)) {
        if (value) after.set(name, value)
        else after.delete(name)
      }
      // Drawn at once: a filter shows what was chosen in it, and the next hand finds it there.
      void navigate({ search: after.toString() }, { replace: true, flushSync: true })
    },
    [navigate],
  )
  return [read, write]
}
