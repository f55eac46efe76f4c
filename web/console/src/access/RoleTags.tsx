/** What somebody is, in words. */
import { Flex, Tag } from 'antd'
import { useTranslation } from 'react-i18next'

export function RoleTags({ roles }: { roles: string[] }) {
  const { t } = useTranslation('access')
  return (
    <Flex gap={4} wrap>
      {roles.map((role) => (
        <Tag key={role}>{t(`roles.${role}`, { defaultValue: role })}</Tag>
      ))}
    </Flex>
  )
}
