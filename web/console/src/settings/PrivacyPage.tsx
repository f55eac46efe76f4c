/** Requests about personal data, what is held of people, and how long. */
import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'

import { PrivacyRequests } from './PrivacyRequests'
import { Register, Retention } from './PrivacyRegisters'
import { SettingsFrame } from './SettingsFrame'
import { useUrlState } from '../shell/urlState'

export function Component() {
  const { t } = useTranslation('settings')
  const [tab, setTab] = useUrlState('tab', 'requests')
  return (
    <SettingsFrame active="privacy">
      <Tabs
        activeKey={tab}
        onChange={setTab}
        items={[
          { key: 'requests', label: t('privacy.requests'), children: <PrivacyRequests /> },
          { key: 'register', label: t('privacy.register'), children: <Register /> },
          { key: 'retention', label: t('privacy.retention'), children: <Retention /> },
        ]}
      />
    </SettingsFrame>
  )
}
