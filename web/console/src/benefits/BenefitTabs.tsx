/** The pages of this area. */
import { useTranslation } from 'react-i18next'

import { SubNav } from '../shell/SubNav'

type Page = 'offered' | 'grants' | 'uses' | 'appointments'

export function BenefitTabs({ active }: { active: Page }) {
  const { t } = useTranslation('benefits')
  return (
    <SubNav
      label={t('area')}
      active={active}
      items={[
        { key: 'offered', label: t('tabs.offered'), path: '/benefits' },
        { key: 'grants', label: t('tabs.grants'), path: '/benefits/grants' },
        { key: 'uses', label: t('tabs.uses'), path: '/benefits/uses' },
        { key: 'appointments', label: t('tabs.appointments'), path: '/benefits/appointments' },
      ]}
    />
  )
}
