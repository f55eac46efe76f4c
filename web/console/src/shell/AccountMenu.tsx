/** Who is signed in, with the way to their own settings and out. */
import { UserOutlined } from '@ant-design/icons'
import { client, told } from '@regulars/shared/api/client'
import { useQueryClient } from '@tanstack/react-query'
import { Avatar, Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { useMe } from './session'

export function AccountMenu() {
  const { t } = useTranslation('shell')
  const { staff } = useMe()
  const queries = useQueryClient()
  const navigate = useNavigate()

  const signOut = async () => {
    await told(client.POST('/v1/staff/sign-out'))
    // Nothing of this person stays in the page for the next one.
    queries.clear()
    location.assign('/console/')
  }
  const name = staff.name || staff.email
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'who', label: staff.email, disabled: true },
          {
            key: 'account',
            label: t('account.own'),
            onClick: () => void navigate('/settings/account'),
          },
          { type: 'divider' },
          { key: 'out', label: t('shared:signOut'), onClick: () => void signOut() },
        ],
      }}
    >
      <Button type="text" aria-label={t('account.of', { name })}>
        <Avatar size="small" icon={<UserOutlined />} />
      </Button>
    </Dropdown>
  )
}
