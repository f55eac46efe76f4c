/** What somebody or something may do, chosen in words; only what one may do oneself can be given. */
import { api } from '@regulars/shared/api/client'
import { Checkbox, Flex, Skeleton, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

interface Props {
  value?: string[]
  onChange?: (scopes: string[]) => void
  /** What only members can grant, each for themselves. */
  withMembers?: boolean
  isForApplications?: boolean
  id?: string
}

const OF_MEMBERS = ['self:read', 'self:write']

export function ScopePicker({ value = [], onChange, withMembers, isForApplications, id }: Props) {
  const { t } = useTranslation('access')
  const known = api.useQuery('get', '/v1/roles', {}, { staleTime: Infinity })
  if (!known.data) return <Skeleton active paragraph={{ rows: 3 }} />
  const given = known.data.scopes.filter(
    (one) => one.mine && (!isForApplications || one.for_applications),
  )
  const all = [
    ...(withMembers ? OF_MEMBERS : []),
    ...given.map((one) => one.scope),
    ...value.filter((one) => !given.some((other) => other.scope === one)),
  ]
  return (
    <Flex id={id} vertical gap={2} style={{ maxHeight: 320, overflow: 'auto' }}>
      {[...new Set(all)].map((scope) => (
        <Checkbox
          key={scope}
          checked={value.includes(scope)}
          onChange={({ target }) =>
            onChange?.(
              target.checked ? [...value, scope] : value.filter((other) => other !== scope),
            )
          }
        >
          {t(`scopes.${nameOf(scope)}`, { defaultValue: scope })}{' '}
          <Typography.Text type="secondary" code>
            {scope}
          </Typography.Text>
        </Checkbox>
      ))}
    </Flex>
  )
}

/** A scope as its words are called: a colon would name another file of words. */
export function nameOf(scope: string): string {
  return scope.replace(':', '_')
}
