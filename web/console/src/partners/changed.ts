/** After a deed whatever is shown of partners is read anew. */
import { useQueryClient } from '@tanstack/react-query'

export function usePartnersChanged(): () => void {
  const queries = useQueryClient()
  return () =>
    void queries.invalidateQueries({
      predicate: ({ queryKey: [, path] }) =>
        typeof path === 'string' && path.startsWith('/v1/partner'),
    })
}
