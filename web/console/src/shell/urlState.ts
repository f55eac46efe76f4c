/** Filters, tabs and ranges live in the address, so that a link shows what its sender saw. */
import { useCallback } from 'react'
import { useSearchParams } from 'react-router'

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
  const [params, setParams] = useSearchParams()
  const read = useCallback((name: string) => params.get(name) ?? undefined, [params])
  const write = useCallback(
    (next: Record<string, string>) => {
      setParams(
        (before) => {
          const after = new URLSearchParams(before)
          after.delete('cursor')
          for (const [name, value] of Object.entries(next)) {
            if (value) after.set(name, value)
            else after.delete(name)
          }
          return after
        },
        { replace: true },
      )
    },
    [setParams],
  )
  return [read, write]
}
