/** The program in force: its currencies, tiers and time zone. It seldom changes. */
import { api } from '@regulars/shared/api/client'

export function useProgram() {
  return api.useQuery('get', '/v1/programs/current', {}, { staleTime: 300_000, retry: false })
}
