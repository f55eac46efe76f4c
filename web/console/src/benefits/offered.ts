/** The benefits of the program in force, and what is said of them everywhere. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

export type Offered = Schemas['OfferedBenefit']
export type Grant = Schemas['BenefitGrantAnswer']
export type Use = Schemas['ListedUseAnswer']

export function useOffered() {
  return api.useQuery('get', '/v1/benefits', {}, { staleTime: 60_000 })
}

/** Benefits to choose from, by name. */
export function useChoices(fits: (one: Offered) => boolean = () => true) {
  const { data } = useOffered()
  return (data?.items ?? []).filter(fits).map((one) => ({ value: one.benefit, label: one.name }))
}

/** "2 a month", or as often as one likes. */
export function useQuotaText(): (quota: { uses: number; per: string } | null) => string {
  const { t } = useTranslation('benefits')
  return (quota) => (quota ? t(`quota.${quota.per}`, { count: quota.uses }) : t('quota.unlimited'))
}

/** A deed of this area: whatever is shown of benefits, slots and members is read anew. */
export function useBenefitDeed<Asked, Answer>(
  deed: (asked: Asked) => Promise<Answer>,
  onDone: (answer: Answer) => void,
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: deed,
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ predicate: ({ queryKey }) => isOurs(queryKey) }),
  })
}

const OURS = /benefit|grant-runs|slots|appointments|bookings/

function isOurs([method, path]: readonly unknown[]): boolean {
  return method === 'get' && typeof path === 'string' && OURS.test(path)
}
