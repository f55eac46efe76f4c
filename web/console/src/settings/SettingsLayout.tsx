/** Which pages of settings there are for this person, above the one that is looked at. */
import { useTranslation } from 'react-i18next'
import { Outlet, useLocation } from 'react-router'

import { useMay } from '../shell/session'
import { SubNav } from '../shell/SubNav'

const PAGES = [
  ['account', ''],
  ['staff', 'staff:manage'],
  ['roles', 'staff:self'],
  ['organization', 'organization:manage'],
  ['sign-in', 'organization:manage'],
  ['enrolments', 'enrolments:decide'],
  ['privacy', 'privacy:manage'],
  ['audit', 'audit:read'],
  ['system', 'system:read'],
] as const

export function Component() {
  const { t } = useTranslation('settings')
  const active = useLocation().pathname.split('/')[2] ?? 'account'
  const may = useMay()
  const items = PAGES.filter(([, scope]) => !scope || may(scope)).map(([key]) => ({
    key,
    label: t(`tabs.${key}`),
    path: `/settings/${key}`,
  }))
  return (
    <>
      <SubNav label={t('area')} active={active} items={items} />
      <Outlet />
    </>
  )
}
