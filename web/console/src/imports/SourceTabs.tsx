/** The pages of this area: files, applications, keys. */
import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { useMay } from '../shell/session'

const PATHS = { files: '/imports', applications: '/imports/applications', keys: '/imports/keys' }

export function SourceTabs({ active }: { active: keyof typeof PATHS }) {
  const { t } = useTranslation('imports')
  const navigate = useNavigate()
  const may = useMay()
  const items = [{ key: 'files', label: t('tabs.files') }]
  if (may('clients:manage'))
    items.push(
      { key: 'applications', label: t('tabs.applications') },
      { key: 'keys', label: t('tabs.keys') },
    )
  return (
    <Tabs
      activeKey={active}
      items={items}
      onChange={(key) => void navigate(PATHS[key as keyof typeof PATHS])}
    />
  )
}
