/** The pages of this area: rewards, redemptions, sales. */
import { api } from '@regulars/shared/api/client'
import { useTranslation } from 'react-i18next'

import { SubNav } from '../shell/SubNav'

const LOOK_EVERY_MS = 60_000
const TO_DO = ['placed', 'accepted', 'packed'] as const

export function MallTabs({ active }: { active: 'rewards' | 'redemptions' | 'sales' }) {
  const { t } = useTranslation('mall')
  const { data } = api.useQuery('get', '/v1/redemptions/counts', undefined, {
    refetchInterval: LOOK_EVERY_MS,
  })
  const waiting = TO_DO.reduce((sum, state) => sum + (data?.counts[state] ?? 0), 0)
  const redemptions = waiting ? `${t('tabs.redemptions')} (${waiting})` : t('tabs.redemptions')
  return (
    <SubNav
      label={t('area')}
      active={active}
      items={[
        { key: 'rewards', label: t('tabs.rewards'), path: '/mall' },
        { key: 'redemptions', label: redemptions, path: '/mall/redemptions' },
        { key: 'sales', label: t('tabs.sales'), path: '/mall/sales' },
      ]}
    />
  )
}
