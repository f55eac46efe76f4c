/** All rewards, with what is left of them. */
import { PlusOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData } from '@tanstack/react-query'
import { Avatar, Button, Card, Flex, Input, Select, Table, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { useUrlStates } from '../shell/urlState'
import { MallTabs } from './MallTabs'
import { KINDS, STATE_COLORS, STATES, usePrice, useWords, type Reward } from './money'

export function Component() {
  const { t } = useTranslation('mall')
  const may = useMay()
  const [read, write] = useUrlStates()
  const cursor = useCursor()
  const found = api.useQuery(
    'get',
    '/v1/rewards',
    {
      params: {
        query: {
          limit: 50,
          cursor,
          state: read('state'),
          kind: read('kind'),
          q: read('q'),
        },
      },
    },
    { placeholderData: keepPreviousData },
  )
  const add = may('offers:write') && (
    <Link to="/mall/rewards/new">
      <Button type="primary" icon={<PlusOutlined />}>
        {t('reward.add')}
      </Button>
    </Link>
  )
  return (
    <>
      <PageHead title={t('area')} sub={t('sub')} extra={add} />
      <MallTabs active="rewards" />
      <Flex gap="small" wrap style={{ marginBottom: 12 }}>
        <Input.Search
          allowClear
          aria-label={t('search')}
          placeholder={t('search')}
          defaultValue={read('q')}
          style={{ width: 240 }}
          onSearch={(q) => write({ q: q.trim() })}
        />
        <Select
          allowClear
          aria-label={t('state')}
          placeholder={t('state')}
          value={read('state')}
          style={{ minWidth: 130 }}
          onChange={(state?: string) => write({ state: state ?? '' })}
          options={STATES.map((one) => ({ value: one, label: t(`states.${one}`) }))}
        />
        <Select
          allowClear
          aria-label={t('kind')}
          placeholder={t('kind')}
          value={read('kind')}
          style={{ minWidth: 150 }}
          onChange={(kind?: string) => write({ kind: kind ?? '' })}
          options={KINDS.map((one) => ({ value: one, label: t(`kinds.${one}`) }))}
        />
      </Flex>
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      {!found.error && (
        <Card styles={{ body: { padding: found.data?.items.length ? 0 : 24 } }}>
          {found.data && !found.data.items.length ? (
            <Nothing text={t('reward.none')} action={add} />
          ) : (
            <Rewards items={found.data?.items ?? []} isBusy={found.isFetching} />
          )}
        </Card>
      )}
      <Pager next={found.data?.next} isOld={found.isPlaceholderData} />
    </>
  )
}

function Rewards({ items, isBusy }: { items: Reward[]; isBusy: boolean }) {
  const { t } = useTranslation('mall')
  const formats = useFormats()
  const price = usePrice()
  const words = useWords()
  return (
    <Table<Reward>
      size="middle"
      rowKey="reward"
      loading={isBusy && { delay: 200 }}
      dataSource={items}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('name'),
          render: (_, one) => (
            <Flex gap="small" align="center">
              <Avatar shape="square" src={one.pictures[0]} alt="" size={40}>
                {Array.from(words(one.terms.name))[0]}
              </Avatar>
              <div>
                <Link to={`/mall/rewards/${one.reward}`}>{words(one.terms.name)}</Link>
                <br />
                <Typography.Text type="secondary">
                  {[t(`kinds.${one.kind}`), one.terms.category].filter(Boolean).join(' · ')}
                </Typography.Text>
              </div>
            </Flex>
          ),
        },
        {
          title: t('state'),
          render: (_, one) => <Tag color={STATE_COLORS[one.state]}>{t(`states.${one.state}`)}</Tag>,
        },
        {
          title: t('price'),
          render: (_, one) => {
            const [first] = one.variants
            return first && price(first.points, one.terms.currency, first.cash)
          },
        },
        {
          title: t('left'),
          align: 'right',
          render: (_, one) => <Left reward={one} />,
        },
        {
          title: t('used'),
          align: 'right',
          render: (_, one) => formats.count(one.variants.reduce((sum, v) => sum + v.used, 0)),
        },
        {
          title: t('waiting'),
          align: 'right',
          render: (_, one) => {
            const count = one.variants.reduce((sum, v) => sum + v.waiting, 0)
            return count ? formats.count(count) : ''
          },
        },
      ]}
    />
  )
}

function Left({ reward }: { reward: Reward }) {
  const { t } = useTranslation('mall')
  const formats = useFormats()
  const lefts = reward.variants.map((one) => one.left)
  if (lefts.some((one) => one === null)) return <>∞</>
  const left = lefts.reduce<number>((sum, one) => sum + (one ?? 0), 0)
  return left ? formats.count(left) : <Tag color="error">{t('soldOut')}</Tag>
}
