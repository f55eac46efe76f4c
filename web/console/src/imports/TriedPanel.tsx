/** What the first rows come out as under a mapping, and what the first events would earn. */
import { CheckCircleOutlined, ExclamationCircleOutlined } from '@ant-design/icons'
import { client, told, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Card, Flex, Skeleton, Table, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Mapping, Sent } from './mapping'
import { useProblemWords } from './reasons'
import type { Opened } from './sending'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useUrlState } from '../shell/urlState'

type Tried = Schemas['TriedAnswer']

interface Props {
  opened: Opened
  /** Null for a file of events, which needs none. */
  mapping: Mapping | null
  isWhole: boolean
}

const DECIDED = 3

export function TriedPanel({ opened, mapping, isWhole }: Props) {
  const { t } = useTranslation('imports')
  const [tab, setTab] = useUrlState('show', 'events')
  const tried = useTried(opened.file.id, mapping, isWhole)
  return (
    <Card
      tabList={[
        { key: 'events', label: t('tried.events') },
        { key: 'rows', label: t('tried.rows') },
      ]}
      activeTabKey={tab}
      onTabChange={setTab}
    >
      {tab === 'rows' && <TopRows opened={opened} />}
      {tab !== 'rows' && !isWhole && (
        <Typography.Text type="secondary">{t('tried.notYet')}</Typography.Text>
      )}
      {tab !== 'rows' && isWhole && (
        <Flex vertical gap="small">
          <ProblemAlert problem={tried.error} onRetry={() => void tried.refetch()} />
          {!tried.data && !tried.error && <Skeleton active />}
          {tried.data && (
            <>
              <Flex gap="small" role="status" wrap>
                <Tag color="success" icon={<CheckCircleOutlined />}>
                  {t('tried.fine', { count: tried.data.fine })}
                </Tag>
                {tried.data.wrong > 0 && (
                  <Tag color="error" icon={<ExclamationCircleOutlined />}>
                    {t('tried.wrong', { count: tried.data.wrong })}
                  </Tag>
                )}
              </Flex>
              <TriedTable
                items={tried.data.items}
                currency={opened.currency}
                zone={opened.time_zone}
              />
              <Typography.Text type="secondary">
                {t('tried.note', { count: DECIDED })}
              </Typography.Text>
            </>
          )}
        </Flex>
      )}
    </Card>
  )
}

function useTried(name: string, mapping: Mapping | null, isWhole: boolean) {
  return useQuery<Schemas['TriedPage']>({
    queryKey: ['import-tried', name, mapping],
    enabled: isWhole,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      told(
        client.POST('/v1/imports/{import_id}:preview', {
          params: { path: { import_id: name } },
          body: { mapping: mapping as Sent, records: 20, decide: DECIDED },
          signal,
        }),
      ),
  })
}

interface TableProps {
  items: Tried[]
  currency: string | null
  /** Of the shops: times are told as their clocks tell them, and as the file does. */
  zone: string | null
}

function TriedTable({ items, currency, zone }: TableProps) {
  const { t } = useTranslation('imports')
  const formats = useFormats()
  return (
    <Table
      size="small"
      rowKey="row"
      dataSource={items}
      pagination={false}
      scroll={{ x: 420 }}
      columns={[
        { title: t('tried.row'), dataIndex: 'row', align: 'right', width: 64 },
        {
          title: t('tried.event'),
          render: (_, { event, problem }) =>
            event ? (
              <>
                <div>{event.id}</div>
                <div>{formats.moment(event.time, zone ?? undefined)}</div>
                <Typography.Text type="secondary">{event.subject}</Typography.Text>
              </>
            ) : (
              <Wrong problem={problem} />
            ),
        },
        {
          title: t('tried.what'),
          render: (_, { event }) => event && <What data={event.data} currency={currency} />,
        },
        {
          title: t('tried.earned'),
          align: 'right',
          render: (_, { decision }) =>
            decision &&
            (decision.repeat
              ? t('tried.repeat')
              : Object.entries(decision.earned)
                  .map(([code, points]) => `${formats.signed(points)} ${code}`)
                  .join(', ') || '0'),
        },
      ]}
    />
  )
}

function Wrong({ problem }: { problem: Schemas['Problem'] | null }) {
  const say = useProblemWords()
  return (
    <Typography.Text type="danger" style={{ display: 'block', maxWidth: 260 }}>
      <ExclamationCircleOutlined /> {problem && say(problem)}
    </Typography.Text>
  )
}

interface Data {
  total?: number
  amount?: number
  lines?: { amount: number; category?: string }[]
}

function What({ data, currency }: { data: Data; currency: string | null }) {
  const { t } = useTranslation('imports')
  const formats = useFormats()
  const sum = data.total ?? data.amount ?? data.lines?.reduce((all, one) => all + one.amount, 0)
  const categories = [...new Set(data.lines?.map((one) => one.category).filter(Boolean))]
  return (
    <>
      <div>
        {sum !== undefined && formats.money(sum, currency ?? 'USD')}
        {data.lines && ` · ${t('tried.lines', { count: data.lines.length })}`}
      </div>
      <Typography.Text type="secondary" ellipsis style={{ maxWidth: 150 }}>
        {categories.join(', ')}
      </Typography.Text>
    </>
  )
}

function TopRows({ opened }: { opened: Opened }) {
  const isTable = opened.columns.length > 0
  const columns = isTable ? opened.columns : ['JSON']
  return (
    <Table
      size="small"
      rowKey={(row) => String(opened.rows.indexOf(row))}
      dataSource={opened.rows}
      pagination={false}
      scroll={{ x: 'max-content', y: 480 }}
      columns={columns.map((title, place) => ({
        title,
        key: title,
        render: (_: unknown, row: string[]) => row[place],
      }))}
    />
  )
}
