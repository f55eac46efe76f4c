/** Who did something, as people say it. */
import { api } from '@regulars/shared/api/client'
import { useTranslation } from 'react-i18next'

import { useMay, useMe } from '../shell/session'

/** `actor`: as records call them, such as staff:12. Names are shown to who may see the staff. */
export function useWho(): (actor: string) => string {
  const { t } = useTranslation('program')
  const { staff } = useMe()
  const may = useMay()
  const found = api.useQuery(
    'get',
    '/v1/staff',
    {},
    { enabled: may('staff:manage'), staleTime: 300_000 },
  )
  return (actor) => {
    if (actor === staff.actor) return t('you')
    const known = found.data?.items.find((one) => one.actor === actor)
    return known ? known.name || known.email : actor
  }
}
