/** Flash sales: those to come, those that run, those that are over. */
import { PlusOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, Progress, Table, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { MallTabs } from './MallTabs'
import { usePrice, useWords, type Sale } from './money'

export const PHASE_COLORS: Record<string, string> = {
  not_begun: 'processing',
  open: 'success',
  paused: 'warning',
}

export function Component() {
  const { t } = useTranslation('mall')
  const formats = useFormats()
  const price = usePrice()
  const words = useWords()
  const may = useMay()
  const cursor = useCursor()
  const found = api.useQuery('get', '/v1/sales', { params: { query: { limit: 50, cursor } } })
  const add = may('offers:write') && (
    <Link to="/mall/sales/new">
      <Button type="primary" icon={<PlusOutlined />}>
        {t('sale.add')}
      </Button>
    </Link>
  )
  const items = found.data?.items ?? []
  return (
    <>
      <PageHead title={t('area')} sub={t('sale.sub')} extra={add} />
      <MallTabs active="sales" />
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      <Card styles={{ body: { padding: items.length ? 0 : 24 } }}>
        {found.data && !items.length && <Nothing text={t('sale.none')} action={add} />}
        {items.length > 0 && (
          <Table<Sale>
            size="middle"
            rowKey="sale"
            dataSource={items}
            pagination={false}
            scroll={{ x: 'max-content' }}
            columns={[
              {
                title: t('name'),
                render: (_, one) => <Link to={`/mall/sales/${one.sale}`}>{words(one.name)}</Link>,
              },
              { title: t('reward.one'), dataIndex: 'reward_name' },
              {
                title: t('state'),
                render: (_, one) => (
                  <Tag color={PHASE_COLORS[one.phase]}>{t(`sale.phase.${one.phase}`)}</Tag>
                ),
              },
              { title: t('price'), render: (_, one) => price(one.points, one.currency, one.cash) },
              { title: t('starts'), render: (_, one) => formats.moment(one.starts_at) },
              {
                title: t('sale.gone'),
                render: (_, one) => (
                  <Progress
                    size="small"
                    style={{ width: 120 }}
                    percent={Math.round((100 * (one.pieces - one.left)) / one.pieces)}
                    aria-label={t('sale.gone')}
                  />
                ),
              },
            ]}
          />
        )}
      </Card>
      <Pager next={found.data?.next} />
    </>
  )
}
