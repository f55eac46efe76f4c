/** Lucky draws: those that are on, drafts, and those that are over. */
import { PlusOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, Table, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { nameOf, STATE_COLORS, type Draw } from './draws'
import { PlayTabs } from './PlayTabs'

export function Component() {
  const { t, i18n } = useTranslation('play')
  const formats = useFormats()
  const may = useMay()
  const cursor = useCursor()
  const found = api.useQuery('get', '/v1/draws', { params: { query: { limit: 50, cursor } } })
  const add = may('offers:write') && (
    <Link to="/play/draws/new">
      <Button type="primary" icon={<PlusOutlined />}>
        {t('draw.add')}
      </Button>
    </Link>
  )
  const items = found.data?.items ?? []
  return (
    <>
      <PageHead title={t('area')} sub={t('draw.sub')} extra={add} />
      <PlayTabs active="draws" />
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      <Card loading={found.isPending} styles={{ body: { padding: items.length ? 0 : 24 } }}>
        {found.data && !items.length && <Nothing text={t('draw.none')} action={add} />}
        {items.length > 0 && (
          <Table<Draw>
            size="middle"
            rowKey="draw"
            dataSource={items}
            pagination={false}
            scroll={{ x: 'max-content' }}
            columns={[
              {
                title: t('name'),
                render: (_, one) => (
                  <Link to={`/play/draws/${one.draw}`}>
                    {nameOf(one.terms.name, i18n.language)}
                  </Link>
                ),
              },
              {
                title: t('state'),
                render: (_, one) => (
                  <Tag color={STATE_COLORS[one.state]}>{t(`states.${one.state}`)}</Tag>
                ),
              },
              { title: t('starts'), render: (_, one) => formats.moment(one.starts_at) },
              { title: t('ends'), render: (_, one) => formats.moment(one.ends_at) },
              {
                title: t('draw.price'),
                render: (_, one) =>
                  one.terms.price
                    ? `${formats.count(one.terms.price.amount)} ${one.terms.price.currency}`
                    : t(one.terms.by_chance ? 'draw.byChance' : 'draw.free'),
              },
              { title: t('draw.prizes'), render: (_, one) => one.terms.prizes.length },
            ]}
          />
        )}
      </Card>
      <Pager next={found.data?.next} />
    </>
  )
}
