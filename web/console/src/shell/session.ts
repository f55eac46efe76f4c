/** Who is signed in, and what they may do. */
import type { Schemas } from '@regulars/shared/api/client'
import { createContext, use } from 'react'

export type Me = Schemas['MeAnswer']

export const MeContext = createContext<Me | null>(null)

/** The person at this console. */
export function useMe(): Me {
  const me = use(MeContext)
  if (!me) throw new Error('useMe is used where nobody has signed in')
  return me
}

/** Whether this person may do what needs `scope`. */
export function useMay(): (scope: string) => boolean {
  const { scopes } = useMe()
  return (scope) => scopes.includes(scope)
}
