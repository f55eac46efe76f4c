/** Who did something, as people say it. */
import { api } from '@regulars/shared/api/client'
import { useTranslation } from 'react-i18next'

import { useMay, useMe } from './session'

const KINDS = ['staff', 'key', 'client', 'cli', 'member'] as const
const NOW_AND_THEN = 300_000

/** Says "staff:12", "key:3", "cli:ann", "system" as a person reads it. Colleagues have their names
 * for whoever may see the staff, and their numbers for others. */
export function useActor(): (actor: string) => string {
  const { t } = useTranslation('shell')
  const { staff } = useMe()
  const may = useMay()
  const found = api.useQuery(
    'get',
    '/v1/staff',
    {},
    { enabled: may('staff:manage'), staleTime: NOW_AND_THEN },
  )
  return (actor) => {
    if (actor === staff.actor) return t('actor.you')
    if (actor === 'system') return t('actor.system')
    const known = found.data?.items.find((one) => one.actor === actor)
    if (known) return known.name || known.email
    const [head = '', ...rest] = actor.split(':')
    const kind = KINDS.find((one) => one === head)
    return kind ? t(`actor.${kind}`, { name: rest.join(':') }) : actor
  }
}
