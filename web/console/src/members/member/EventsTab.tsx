/** What the member did and what was decided of it; each with its why. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData } from '@tanstack/react-query'
import { Button, Flex, Select, Table, Tag, Typography, type TableColumnsType } from 'antd'
import { useTranslation } from 'react-i18next'

import { useNames } from '../program'
import { Nothing } from '../../shell/Nothing'
import { Pager, useCursor } from '../../shell/Pager'
import { ProblemAlert } from '../../shell/ProblemAlert'
import { useUrlStates } from '../../shell/urlState'
import { typeName } from './typeName'
import { WhyDrawer } from './WhyDrawer'

type Record_ = Schemas['RecordAnswer']

const PAGE = 25
const TYPES = [
  'purchase',
  'return',
  'visit',
  'check_in',
  'review',
  'share',
  'referral',
  'regulars.adjustment',
  'regulars.redemption',
  'regulars.transfer',
  'regulars.conversion',
  'regulars.hold',
  'regulars.merge_in',
  'regulars.review',
]

export function EventsTab({ member }: { member: string }) {
  const { t } = useTranslation('members')
  const [read, write] = useUrlStates()
  const cursor = useCursor()
  const types = read('type')?.split(',').filter(Boolean) ?? []
  const { data, error, isFetching, isPending, isPlaceholderData, refetch } = api.useQuery(
    'get',
    '/v1/members/{ref}/explanations',
    {
      params: {
        path: { ref: member },
        query: { limit: PAGE, cursor, type: types.length ? types : undefined },
      },
    },
    { placeholderData: keepPreviousData },
  )
  const shown = data?.items.find((one) => one.event === read('event'))
  return (
    <Flex vertical gap="small">
      <Select
        mode="multiple"
        aria-label={t('events.types')}
        placeholder={t('events.types')}
        style={{ maxWidth: 420 }}
        value={types}
        onChange={(next: string[]) => write({ type: next.join(',') })}
        options={TYPES.map((one) => ({ value: one, label: t(`type.${typeName(one)}`) }))}
      />
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      <Table<Record_>
        size="small"
        rowKey="event"
        loading={isFetching && { delay: 200 }}
        dataSource={data?.items ?? []}
        columns={useColumns((event) => write({ event }))}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: isPending ? ' ' : <Nothing text={t('events.none')} /> }}
        onRow={(one) => ({
          onClick: () => write({ event: one.event }),
          style: { cursor: 'pointer' },
        })}
      />
      <Pager next={data?.next} isOld={isPlaceholderData} />
      <WhyDrawer record={shown} onClose={() => write({ event: '' })} />
    </Flex>
  )
}

function useColumns(show: (event: string) => void): TableColumnsType<Record_> {
  const { t } = useTranslation('members')
  const formats = useFormats()
  const named = useNames()
  return [
    {
      key: 'time',
      title: t('events.time'),
      render: (_, one) => (
        <Button
          type="link"
          size="small"
          style={{ paddingInline: 0 }}
          onClick={(event) => {
            event.stopPropagation()
            show(one.event)
          }}
        >
          {formats.moment(one.time)}
        </Button>
      ),
    },
    {
      key: 'type',
      title: t('events.type'),
      render: (_, one) => (
        <>
          {t(`type.${typeName(one.type)}`, { defaultValue: one.type })}{' '}
          {one.status !== 'decided' && <Tag>{t(`events.${one.status}`)}</Tag>}
        </>
      ),
    },
    {
      key: 'earned',
      title: t('events.earned'),
      align: 'right',
      render: (_, one) => (
        <Flex vertical align="end">
          {amounts(one.earned, 1).map(([code, points]) => (
            <span key={code}>
              {formats.signed(points)} {named(code)}
            </span>
          ))}
          {amounts(one.taken_back, -1).map(([code, points]) => (
            <Typography.Text key={code} type="danger">
              {formats.signed(points)} {named(code)}
            </Typography.Text>
          ))}
        </Flex>
      ),
    },
    {
      key: 'tier',
      title: t('events.tier'),
      render: (_, one) =>
        one.tier && one.tier.before !== one.tier.after
          ? `${named(one.tier.before)} → ${named(one.tier.after)}`
          : '',
    },
    { key: 'source', title: t('events.source'), dataIndex: 'source' },
  ]
}

function amounts(points: Record<string, number>, sign: number): [string, number][] {
  return Object.entries(points).map(([code, amount]) => [code, sign * amount])
}
