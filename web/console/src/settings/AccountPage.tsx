/** One's own account: password, second factor, where one is signed in. */
import { Card, Descriptions, Flex } from 'antd'
import { useTranslation } from 'react-i18next'

import { OwnSessions } from './OwnSessions'
import { PasswordCard } from './PasswordCard'
import { SecondFactorCard } from './SecondFactorCard'
import { SettingsFrame } from './SettingsFrame'
import { RoleTags } from '../access/RoleTags'
import { useMe } from '../shell/session'

export function Component() {
  const { t } = useTranslation('settings')
  const { staff } = useMe()
  return (
    <SettingsFrame active="account">
      <Flex vertical gap="middle" style={{ maxWidth: 880 }}>
        <Card>
          <Descriptions
            column={1}
            items={[
              { key: 'name', label: t('account.name'), children: staff.name },
              { key: 'email', label: t('account.email'), children: staff.email },
              {
                key: 'roles',
                label: t('account.roles'),
                children: <RoleTags roles={staff.roles} />,
              },
            ]}
          />
        </Card>
        <SecondFactorCard />
        <PasswordCard />
        <OwnSessions />
      </Flex>
    </SettingsFrame>
  )
}
