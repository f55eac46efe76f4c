/** Simulations of before. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, Table, Tag } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../../shell/ProblemAlert'
import { useActor } from '../../shell/actors'

type Head = Schemas['SimulationHeadAnswer']

interface Props {
  shown: string
  onShow: (simulation: string) => void
}

export function SimulationList({ shown, onShow }: Props) {
  const { t } = useTranslation('program')
  const formats = useFormats()
  const who = useActor()
  const found = api.useQuery(
    'get',
    '/v1/simulations',
    { params: { query: { limit: 20 } } },
    { staleTime: 0 },
  )
  if (found.error)
    return <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
  if (!found.data?.items.length) return null
  return (
    <Card size="small" title={t('simulate.earlier')}>
      <Table<Head>
        size="small"
        rowKey="simulation"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={found.data.items}
        columns={[
          {
            key: 'note',
            title: t('simulate.what'),
            render: (_, one) => (
              <Button
                type="link"
                size="small"
                style={{ padding: 0 }}
                aria-pressed={one.simulation === shown}
                onClick={() => onShow(one.simulation)}
              >
                {one.note || one.simulation}
                {one.revision === null
                  ? ''
                  : ` (${t('revisions.one', { revision: one.revision })})`}
              </Button>
            ),
          },
          {
            key: 'months',
            title: t('simulate.period'),
            render: (_, one) => t('simulate.months', { count: one.months }),
          },
          {
            key: 'state',
            title: t('simulate.state'),
            render: (_, one) => <Tag>{t(`simulate.states.${one.state}`)}</Tag>,
          },
          {
            key: 'by',
            title: t('simulate.by'),
            render: (_, one) => `${who(one.requested_by)} · ${formats.ago(one.requested_at)}`,
          },
        ]}
      />
    </Card>
  )
}
