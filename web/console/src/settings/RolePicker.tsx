/** What somebody is to be, in words; only what one may do oneself can be given. */
import { api } from '@regulars/shared/api/client'
import { Checkbox, Flex, Skeleton, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

interface Props {
  value?: string[]
  onChange?: (roles: string[]) => void
  id?: string
}

export function RolePicker({ value = [], onChange, id }: Props) {
  const { t } = useTranslation('access')
  const known = api.useQuery('get', '/v1/roles', {}, { staleTime: Infinity })
  if (!known.data) return <Skeleton active paragraph={{ rows: 4 }} />
  return (
    <Flex id={id} vertical gap={6}>
      {known.data.roles
        .filter((one) => one.mine || value.includes(one.role))
        .map(({ role, mine }) => (
          <Checkbox
            key={role}
            checked={value.includes(role)}
            disabled={!mine}
            onChange={({ target }) =>
              onChange?.(
                target.checked ? [...value, role] : value.filter((other) => other !== role),
              )
            }
          >
            {t(`roles.${role}`, { defaultValue: role })}{' '}
            <Typography.Text type="secondary">{t(`roleHints.${role}`, '')}</Typography.Text>
          </Checkbox>
        ))}
    </Flex>
  )
}
