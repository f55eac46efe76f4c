/** Deeds for a member: sent once, repeated after a second factor, and everything shown is read anew. */
import { useMutation, useQueryClient } from '@tanstack/react-query'

import { useSecondFactor } from '../../shell/SecondFactor'

export function useDeed<Asked, Answer>(
  deed: (asked: Asked) => Promise<Answer>,
  onDone: (answer: Answer, asked: Asked) => void,
) {
  const guarded = useSecondFactor()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (asked: Asked) => guarded(() => deed(asked)),
    onSuccess: (answer, asked) => {
      void queries.invalidateQueries({ predicate: ({ queryKey }) => isOfMembers(queryKey) })
      onDone(answer, asked)
    },
  })
}

/** Looks at profiles and searches are on record: they are not done again by themselves. */
function isOfMembers([method, path]: readonly unknown[]): boolean {
  if (method !== 'get' || typeof path !== 'string') return false
  return path.startsWith('/v1/members') && !path.endsWith('/profile')
}
