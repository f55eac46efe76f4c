/** What each role may do, as a table. */
import { CheckOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { Card, Skeleton, Table, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'

import { SettingsFrame } from './SettingsFrame'
import { nameOf } from '../access/ScopePicker'
import { ProblemAlert } from '../shell/ProblemAlert'

export function Component() {
  const { t } = useTranslation(['access', 'settings'])
  const found = api.useQuery('get', '/v1/roles', {}, { staleTime: Infinity })
  return (
    <SettingsFrame active="roles">
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      {!found.data && !found.error && <Skeleton active />}
      {found.data && (
        <Card styles={{ body: { padding: 0 } }}>
          <Table
            size="small"
            rowKey="scope"
            dataSource={found.data.scopes}
            pagination={false}
            scroll={{ x: 'max-content' }}
            // What can be pushed along has something to stand on with the keyboard.
            onHeaderRow={() => ({ tabIndex: 0 })}
            columns={[
              {
                title: t('settings:roles.may'),
                fixed: 'left',
                width: 280,
                render: (_, { scope, meaning }) => (
                  <span title={scope}>
                    {t(`scopes.${nameOf(scope)}`, { defaultValue: meaning })}
                  </span>
                ),
              },
              ...found.data.roles
                .filter(({ role }) => role !== 'operator')
                .map(({ role, scopes }) => ({
                  title: (
                    <Tooltip title={t(`roleHints.${role}`, '')}>
                      <span>{t(`roles.${role}`, { defaultValue: role })}</span>
                    </Tooltip>
                  ),
                  key: role,
                  align: 'center' as const,
                  render: (_: unknown, { scope }: { scope: string }) =>
                    scopes.includes(scope) && (
                      <CheckOutlined role="img" aria-label={t('shared:yes')} />
                    ),
                })),
            ]}
          />
        </Card>
      )}
    </SettingsFrame>
  )
}
