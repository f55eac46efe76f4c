/** What came back of an order, return by return. */
import { useFormats } from '@regulars/shared/formats'
import { Card, Flex, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Order } from './asking'
import { useOfferName } from './names'

export function OrderReturns({ order, zone }: { order: Order; zone: string }) {
  const { t } = useTranslation('orders')
  const formats = useFormats()
  const nameOf = useOfferName(order.price)
  if (order.returns.length === 0) return null
  return (
    <Card size="small" title={t('returns')}>
      {order.returns.map((one) => (
        <Flex key={one.id} vertical style={{ paddingBlock: 4 }}>
          <Flex justify="space-between" gap="small">
            <span>{formats.moment(one.at, zone)}</span>
            <strong>{formats.money(one.money, order.price.currency)}</strong>
          </Flex>
          {one.points > 0 && <span>{t('pointsBack', { points: formats.count(one.points) })}</span>}
          {one.restored.length > 0 && (
            <span>{t('restored', { names: one.restored.map(nameOf).join(', ') })}</span>
          )}
          <Typography.Text type="secondary">
            {one.lines
              .map((line) => {
                const sku = order.price.lines[line.line]?.sku
                return `${formats.count(line.quantity)} × ${sku ?? t('line.number', { number: line.line + 1 })}`
              })
              .join(', ')}
          </Typography.Text>
        </Flex>
      ))}
    </Card>
  )
}
