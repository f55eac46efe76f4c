/** All coupon templates with their figures; and the way to one coupon by its code. */
import { PlusOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData } from '@tanstack/react-query'
import { Button, Card, Flex, Input, Select, Table, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { useUrlStates } from '../shell/urlState'
import { CouponDrawer } from './CouponDrawer'
import { STATE_COLORS, STATES, type Template } from './terms'

export function Component() {
  const { t } = useTranslation('coupons')
  const may = useMay()
  const [read, write] = useUrlStates()
  const cursor = useCursor()
  const state = STATES.find((one) => one === read('state'))
  const found = api.useQuery(
    'get',
    '/v1/coupon-templates',
    { params: { query: { limit: 50, cursor, state, words: read('words') } } },
    { placeholderData: keepPreviousData, staleTime: 0 },
  )
  const add = may('offers:write') && (
    <Link to="/coupons/new">
      <Button type="primary" icon={<PlusOutlined />}>
        {t('add')}
      </Button>
    </Link>
  )
  return (
    <>
      <PageHead title={t('area')} sub={t('sub')} extra={add} />
      <Flex gap="small" wrap style={{ marginBottom: 12 }}>
        <Input.Search
          allowClear
          aria-label={t('search')}
          placeholder={t('search')}
          defaultValue={read('words')}
          style={{ width: 220 }}
          onSearch={(words) => write({ words: words.trim() })}
        />
        <Select
          allowClear
          aria-label={t('state')}
          placeholder={t('state')}
          value={state}
          style={{ minWidth: 130 }}
          onChange={(next?: string) => write({ state: next ?? '' })}
          options={STATES.map((one) => ({ value: one, label: t(`states.${one}`) }))}
        />
        <Input.Search
          allowClear
          aria-label={t('findCode')}
          placeholder={t('findCode')}
          style={{ width: 240 }}
          onSearch={(code) => write({ coupon: code.trim() })}
        />
      </Flex>
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      {!found.error && (
        <Card styles={{ body: { padding: found.data?.items.length ? 0 : 24 } }}>
          {found.data && !found.data.items.length ? (
            <Nothing text={t('none')} action={add} />
          ) : (
            <Templates items={found.data?.items ?? []} isBusy={found.isPending} />
          )}
        </Card>
      )}
      <Pager next={found.data?.next} isOld={found.isPlaceholderData} />
      <CouponDrawer code={read('coupon') ?? ''} onClose={() => write({ coupon: '' })} />
    </>
  )
}

function Templates({ items, isBusy }: { items: Template[]; isBusy: boolean }) {
  const { t, i18n } = useTranslation('coupons')
  const formats = useFormats()
  const count = (pick: (one: Template) => number) => (_: unknown, one: Template) =>
    formats.count(pick(one))
  return (
    <Table<Template>
      size="middle"
      rowKey="template"
      loading={isBusy}
      dataSource={items}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('name'),
          render: (_, one) => (
            <Flex vertical>
              <Link to={`/coupons/${one.template}`}>
                {one.name[i18n.language === 'zh' ? 'zh-CN' : 'en'] ?? one.name.en}
              </Link>
              <Typography.Text type="secondary">{one.words.worth}</Typography.Text>
            </Flex>
          ),
        },
        {
          title: t('state'),
          render: (_, one) => <Tag color={STATE_COLORS[one.state]}>{t(`states.${one.state}`)}</Tag>,
        },
        { title: t('figure.issued'), align: 'right', render: count((one) => one.figures.issued) },
        { title: t('figure.claimed'), align: 'right', render: count((one) => one.figures.claimed) },
        {
          title: t('figure.reserved'),
          align: 'right',
          render: count((one) => one.figures.reserved),
        },
        {
          title: t('figure.redeemed'),
          align: 'right',
          render: count((one) => one.figures.redeemed),
        },
        {
          title: t('figure.discount'),
          align: 'right',
          render: (_, one) => formats.money(one.figures.discount, one.terms.currency),
        },
      ]}
    />
  )
}
