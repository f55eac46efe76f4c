/** What members took: what is to be packed, sent, handed out; one of them in full beside. */
import { DownloadOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData } from '@tanstack/react-query'
import { Button, Dropdown, Flex, Input, Segmented, Select, Table, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { useUrlStates } from '../shell/urlState'
import { MallTabs } from './MallTabs'
import { usePrice, type Redemption } from './money'
import { RedemptionDrawer } from './RedemptionDrawer'

/** The board: each column of work by the states in it. */
const BOARD = {
  all: [],
  pay: ['awaiting_payment'],
  pack: ['placed', 'accepted'],
  send: ['packed'],
  way: ['shipped', 'ready'],
  done: ['delivered', 'picked_up', 'fulfilled'],
  off: ['cancelled', 'timed_out'],
} as const satisfies Record<string, readonly Redemption['state'][]>

type Column = keyof typeof BOARD
const COLUMNS = Object.keys(BOARD) as Column[]

export const REDEMPTION_COLORS: Partial<Record<Redemption['state'], string>> = {
  awaiting_payment: 'warning',
  placed: 'processing',
  accepted: 'processing',
  packed: 'processing',
  shipped: 'processing',
  ready: 'processing',
  delivered: 'success',
  picked_up: 'success',
  fulfilled: 'success',
}

export function Component() {
  const { t } = useTranslation('mall')
  const [read, write] = useUrlStates()
  const cursor = useCursor()
  const column = COLUMNS.find((one) => one === read('column')) ?? 'pack'
  const query = {
    state: [...BOARD[column]],
    way: read('way'),
    code: read('code'),
    member: read('member'),
    reward: read('reward'),
    sale: read('sale'),
  }
  const found = api.useQuery(
    'get',
    '/v1/redemptions',
    { params: { query: { ...query, limit: 50, cursor } } },
    { placeholderData: keepPreviousData, staleTime: 0, refetchInterval: 15_000 },
  )
  const counts = api.useQuery('get', '/v1/redemptions/counts').data?.counts ?? {}
  const label = (one: Column) => {
    const count = BOARD[one].reduce((sum, state) => sum + (counts[state] ?? 0), 0)
    return count ? `${t(`board.${one}`)} ${count}` : t(`board.${one}`)
  }
  return (
    <>
      <PageHead title={t('area')} sub={t('redemptionsSub')} />
      <MallTabs active="redemptions" />
      <Flex gap="small" wrap style={{ marginBottom: 12 }} align="center">
        <div style={{ maxWidth: '100%', overflowX: 'auto' }}>
          <Segmented<Column>
            aria-label={t('state')}
            value={column}
            onChange={(next) => write({ column: next === 'pack' ? '' : next })}
            options={COLUMNS.map((one) => ({ value: one, label: label(one) }))}
          />
        </div>
        <Select
          allowClear
          aria-label={t('ways')}
          placeholder={t('ways')}
          style={{ minWidth: 130 }}
          value={read('way')}
          onChange={(way?: string) => write({ way: way ?? '' })}
          options={(['address', 'pick_up', 'none'] as const).map((one) => ({
            value: one,
            label: t(`way.${one}`),
          }))}
        />
        <Input.Search
          allowClear
          aria-label={t('code')}
          placeholder={t('codeOf')}
          style={{ width: 190 }}
          defaultValue={read('code')}
          onSearch={(code) => write({ code: code.trim(), column: code.trim() ? 'all' : '' })}
        />
        <Download query={query} />
      </Flex>
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      {!found.error && <Redemptions items={found.data?.items} isBusy={found.isPending} />}
      <Pager next={found.data?.next} isOld={found.isPlaceholderData} />
      <RedemptionDrawer
        redemption={read('redemption') ?? ''}
        onClose={() => write({ redemption: '' })}
        onChanged={() => void found.refetch()}
      />
    </>
  )
}

function Redemptions({ items, isBusy }: { items?: Redemption[]; isBusy: boolean }) {
  const { t } = useTranslation('mall')
  const formats = useFormats()
  const price = usePrice()
  const [, write] = useUrlStates()
  return (
    <Table<Redemption>
      size="middle"
      rowKey="redemption"
      loading={isBusy && { delay: 200 }}
      dataSource={items ?? []}
      pagination={false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: isBusy ? ' ' : <Nothing text={t('redemptionNone')} /> }}
      columns={[
        {
          title: t('name'),
          render: (_, one) => (
            <Button
              type="link"
              style={{ padding: 0 }}
              onClick={() => write({ redemption: one.redemption })}
            >
              {[one.name, one.variant_name].filter(Boolean).join(' · ')}
              {one.quantity > 1 ? ` × ${one.quantity}` : ''}
            </Button>
          ),
        },
        {
          title: t('state'),
          render: (_, one) => (
            <Tag color={REDEMPTION_COLORS[one.state]}>{t(`redemption.${one.state}`)}</Tag>
          ),
        },
        {
          title: t('ways'),
          render: (_, one) => [t(`way.${one.way}`), one.place_name].filter(Boolean).join(' · '),
        },
        { title: t('price'), render: (_, one) => price(one.points, one.currency, one.cash) },
        {
          title: t('member'),
          render: (_, one) => <Typography.Text code>{one.member}</Typography.Text>,
        },
        { title: t('placed'), render: (_, one) => formats.ago(one.placed_at) },
      ]}
    />
  )
}

function Download({ query }: { query: Record<string, string | readonly string[] | undefined> }) {
  const { t } = useTranslation('mall')
  const may = useMay()
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? (value as string[]) : value ? [value as string] : [])
      params.append(name, one)
  const address = (more: string) => `/v1/redemptions/fulfilment.csv?${params.toString()}${more}`
  const items = [
    { key: 'plain', label: <a href={address('')}>{t('csv')}</a> },
    ...(may('profiles:unmask')
      ? [{ key: 'full', label: <a href={address('&with_address=true')}>{t('csvFull')}</a> }]
      : []),
  ]
  return (
    <Dropdown menu={{ items }}>
      <Button icon={<DownloadOutlined />}>{t('shared:download')}</Button>
    </Dropdown>
  )
}
