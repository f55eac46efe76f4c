/** Which offers were used and which were not, and why; what the purchase earns. */
import { useFormats } from '@regulars/shared/formats'
import { Card, Empty, Flex, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Order, Price } from './asking'
import { useSaid } from './names'

export function Applied({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  const formats = useFormats()
  const said = useSaid()
  const { price } = order
  const held = new Map(order.held.map((one) => [one.offer, one.state]))
  return (
    <Card size="small" title={t('applied')}>
      {price.applied.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('noneApplied')} />
      )}
      {price.applied.map((one) => (
        <Flex key={one.offer} justify="space-between" gap="small" style={{ paddingBlock: 4 }}>
          <Flex vertical>
            <span>{said(one.name)}</span>
            <Typography.Text type="secondary" style={{ fontSize: 12 }}>
              {one.offer}
            </Typography.Text>
            {one.detail && <Typography.Text type="secondary">{one.detail}</Typography.Text>}
          </Flex>
          <Flex vertical align="end">
            <span>{one.off ? `−${formats.money(one.off, price.currency)}` : t('noMoney')}</span>
            {held.has(one.offer) && <Tag>{t(`held.${held.get(one.offer) ?? 'open'}`)}</Tag>}
          </Flex>
        </Flex>
      ))}
      {price.gap > 0 && (
        <Typography.Text type="secondary">
          {t('gap', { money: formats.money(price.gap, price.currency) })}
        </Typography.Text>
      )}
    </Card>
  )
}

export function NotApplied({ price }: { price: Price }) {
  const { t } = useTranslation('orders')
  const formats = useFormats()
  const said = useSaid()
  if (price.not_applied.length === 0) return null
  return (
    <Card size="small" title={t('notApplied')}>
      {price.not_applied.map((one) => (
        <Flex key={one.offer} justify="space-between" gap="small" style={{ paddingBlock: 4 }}>
          <Flex vertical>
            <span>{said(one.name)}</span>
            <Typography.Text type="secondary" style={{ fontSize: 12 }}>
              {one.offer}
            </Typography.Text>
          </Flex>
          <Flex vertical align="end" style={{ maxWidth: '60%', textAlign: 'right' }}>
            <span>{one.detail}</span>
            {one.alone > 0 && (
              <Typography.Text type="secondary">
                {t('alone', { money: formats.money(one.alone, price.currency) })}
              </Typography.Text>
            )}
          </Flex>
        </Flex>
      ))}
    </Card>
  )
}

export function Earned({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  const formats = useFormats()
  const earned = order.earned ?? order.price.earns
  return (
    <Card size="small" title={t(order.earned ? 'earned' : 'willEarn')}>
      {Object.keys(earned).length === 0 && <span>{t('earnsNothing')}</span>}
      {Object.entries(earned).map(([code, points]) => (
        <div key={code}>
          {formats.count(points)} {code}
        </div>
      ))}
      {order.price.explanation
        .filter((one) => one.applied)
        .map((one) => (
          <Typography.Text type="secondary" key={one.rule} style={{ display: 'block' }}>
            {one.rule}: {formats.count(one.points)}
          </Typography.Text>
        ))}
    </Card>
  )
}
