/** The pages of this area: files, applications, keys. */
import { useTranslation } from 'react-i18next'

import { useMay } from '../shell/session'
import { SubNav } from '../shell/SubNav'

export function SourceTabs({ active }: { active: 'files' | 'applications' | 'keys' }) {
  const { t } = useTranslation('imports')
  const may = useMay()
  const items = [{ key: 'files', label: t('tabs.files'), path: '/imports' }]
  if (may('clients:manage'))
    items.push(
      { key: 'applications', label: t('tabs.applications'), path: '/imports/applications' },
      { key: 'keys', label: t('tabs.keys'), path: '/imports/keys' },
    )
  return <SubNav label={t('area')} active={active} items={items} />
}
