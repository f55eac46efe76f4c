/** The register of processing, and how long what is kept. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Card, Skeleton, Table, Tag } from 'antd'
import { useTranslation } from 'react-i18next'

import { useSpan } from './spans'
import { ProblemAlert } from '../shell/ProblemAlert'

const COLORS: Record<string, string> = { personal: 'error', pseudonymous: 'warning' }

export function Register() {
  const { t } = useTranslation('settings')
  const found = api.useQuery('get', '/v1/privacy/register')
  if (found.error) return <ProblemAlert problem={found.error} />
  if (!found.data) return <Skeleton active />
  return (
    <Card styles={{ body: { padding: 0 } }}>
      <Table
        size="small"
        rowKey="where"
        dataSource={found.data.items}
        pagination={{ pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 'max-content' }}
        // What can be pushed along has something to stand on with the keyboard.
        onHeaderRow={() => ({ tabIndex: 0 })}
        columns={[
          { title: t('register.where'), dataIndex: 'where' },
          {
            title: t('register.nature'),
            filters: ['personal', 'pseudonymous', 'none'].map((value) => ({
              value,
              text: t(`register.natures.${value}`),
            })),
            onFilter: (value, one) => one.nature === value,
            render: (_, { nature }) => (
              <Tag color={COLORS[nature] ?? 'default'}>{t(`register.natures.${nature}`)}</Tag>
            ),
          },
          { title: t('register.purpose'), dataIndex: 'purpose' },
          { title: t('register.kept'), dataIndex: 'kept' },
        ]}
      />
    </Card>
  )
}

export function Retention() {
  const { t } = useTranslation('settings')
  const formats = useFormats()
  const span = useSpan()
  const found = api.useQuery('get', '/v1/privacy/retention')
  if (found.error) return <ProblemAlert problem={found.error} />
  if (!found.data) return <Skeleton active />
  return (
    <Card styles={{ body: { padding: 0 } }}>
      <Table
        size="small"
        rowKey="what"
        dataSource={found.data.items}
        pagination={false}
        scroll={{ x: 'max-content' }}
        // What can be pushed along has something to stand on with the keyboard.
        onHeaderRow={() => ({ tabIndex: 0 })}
        columns={[
          { title: t('retention.what'), dataIndex: 'name' },
          {
            title: t('register.kept'),
            render: (_, one) =>
              t('retention.span', { span: span(one.kept_for), from: one.counted_from }),
          },
          {
            title: t('retention.last'),
            render: (_, one) =>
              one.by_schedule
                ? one.last_run
                  ? t('retention.removed', {
                      rows: formats.count(one.removed ?? 0),
                      at: formats.moment(one.last_run),
                    })
                  : t('retention.never')
                : t('retention.notBySchedule'),
          },
        ]}
      />
    </Card>
  )
}
