/** One order in full: prices line by line, what applied and what did not, what happened to it. */
import { useFormats } from '@regulars/shared/formats'
import { Alert, App, Button, Card, Col, Descriptions, Flex, Row, Skeleton } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'

import { useProgram } from '../ledger/zones'
import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { ReasonModal } from '../shell/ReasonModal'
import { useMay } from '../shell/session'
import { useCancel, useOrder, type Order } from './asking'
import { OrderLines } from './OrderLines'
import { Applied, Earned, NotApplied } from './OrderReasons'
import { OrderSteps } from './OrderSteps'
import { OrderReturns } from './OrderReturns'
import { ReturnModal } from './ReturnModal'
import { StateTag } from './StateTag'

export function Component() {
  const { t } = useTranslation('orders')
  const { name = '' } = useParams()
  const { data: order, error, refetch } = useOrder(name)
  const zone = useProgram()?.time_zone ?? 'UTC'
  if (error) return <ProblemAlert problem={error} onRetry={() => void refetch()} />
  if (!order) return <Skeleton active paragraph={{ rows: 12 }} />
  return (
    <>
      <PageHead
        title={t('one', { number: order.id })}
        sub={
          <Flex gap="small" align="center" wrap>
            <StateTag state={order.state} />
            <Link to="/orders">{t('all')}</Link>
          </Flex>
        }
        extra={<Deeds order={order} />}
      />
      <Flex vertical gap={16}>
        <Report order={order} />
        <Sums order={order} zone={zone} />
        <Card size="small" title={t('lines')} styles={{ body: { padding: 0 } }}>
          <OrderLines price={order.price} />
        </Card>
        <Row gutter={[16, 16]}>
          <Col xs={24} lg={12}>
            <Flex vertical gap={16}>
              <Applied order={order} />
              <NotApplied price={order.price} />
            </Flex>
          </Col>
          <Col xs={24} lg={12}>
            <Flex vertical gap={16}>
              <Earned order={order} />
              <OrderReturns order={order} zone={zone} />
              <OrderSteps order={order} zone={zone} />
            </Flex>
          </Col>
        </Row>
      </Flex>
    </>
  )
}

function Report({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  if (order.report.length === 0) return null
  return (
    <Alert
      type="warning"
      showIcon
      title={t('report')}
      description={
        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
          {order.report.map((one) => (
            <li key={`${one.code}:${one.what}`}>
              {t(`finding.${one.code}`, {
                what: one.what,
                missing: one.missing,
                defaultValue: `${one.what}: ${one.code}`,
              })}
            </li>
          ))}
        </ul>
      }
    />
  )
}

function Sums({ order, zone }: { order: Order; zone: string }) {
  const { t } = useTranslation('orders')
  const formats = useFormats()
  const { price } = order
  const money = (minor: number) => formats.money(minor, price.currency)
  const points = price.points
  return (
    <Descriptions
      size="small"
      bordered
      column={{ xs: 1, sm: 2, lg: 4 }}
      items={[
        { key: 'total', label: t('total'), children: money(price.total) },
        {
          key: 'discount',
          label: t('discount'),
          children: price.discount ? `−${money(price.discount)}` : '–',
        },
        {
          key: 'points',
          label: t('points'),
          children: points?.used
            ? t('pointsPay', { points: formats.count(points.used), money: money(points.value) })
            : '–',
        },
        { key: 'pay', label: t('toPay'), children: <strong>{money(price.to_pay)}</strong> },
        {
          key: 'member',
          label: t('filter.member'),
          children: <Link to={`/members/${order.member}`}>{order.member}</Link>,
        },
        { key: 'source', label: t('source'), children: order.source },
        { key: 'store', label: t('filter.store'), children: order.store ?? '–' },
        {
          key: 'until',
          label: t(order.confirmed_at ? 'confirmedAt' : 'heldUntil'),
          children: formats.moment(order.confirmed_at ?? order.expires_at, zone),
        },
      ]}
    />
  )
}

function Deeds({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  const may = useMay()
  const { message } = App.useApp()
  const [deed, choose] = useState<'cancel' | 'return' | ''>('')
  const done = (answer: Order) => {
    choose('')
    void message.success(t(`state.${answer.state}`))
  }
  const cancel = useCancel(order.order, done)
  if (!may('orders:write')) return null
  const canCancel = order.state === 'open' || order.state === 'confirmed'
  const canReturn = order.state === 'confirmed' || order.state === 'returned_in_part'
  return (
    <>
      {canReturn && <Button onClick={() => choose('return')}>{t('return.title')}</Button>}
      {canCancel && (
        <Button danger onClick={() => choose('cancel')}>
          {t('cancel.title')}
        </Button>
      )}
      {deed === 'return' && <ReturnModal order={order} onClose={() => choose('')} onDone={done} />}
      <ReasonModal
        isOpen={deed === 'cancel'}
        title={t('cancel.title')}
        deed={t('cancel.title')}
        isDanger
        isBusy={cancel.isPending}
        problem={cancel.error}
        maxLength={300}
        onCancel={() => choose('')}
        onConfirm={(reason) => cancel.mutate(reason)}
      >
        {t(order.state === 'open' ? 'cancel.open' : 'cancel.confirmed')}
      </ReasonModal>
    </>
  )
}
