/** The program in force: its currencies, tiers and time zone. It seldom changes. */
import { api } from '@regulars/shared/api/client'

export function useProgram() {
  return api.useQuery('get', '/v1/programs/current', {}, { staleTime: 300_000, retry: false })
}

/** How the program calls a tier or a currency; its code where the program in force has it no more. */
export function useNames(): (code: string) => string {
  const { data } = useProgram()
  return (code) => data?.names[code] ?? code
}
