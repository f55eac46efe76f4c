/** The lines of an order: what each costs, and which offer took how much off it. */
import { useFormats } from '@regulars/shared/formats'
import { Flex, Table, Tag, Typography, type TableColumnsType } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Price } from './asking'
import { useOfferName } from './names'

type Line = Price['lines'][number] & { place: number; isDelivery: boolean }

export function OrderLines({ price }: { price: Price }) {
  const { t } = useTranslation('orders')
  const lines: Line[] = price.lines.map((line, place) => ({ ...line, place, isDelivery: false }))
  if (price.delivery.price > 0) {
    lines.push({
      ...{ sku: null, category: null, brand: null, quantity: 1, tax: 0, points: 0, returned: 0 },
      ...price.delivery,
      place: lines.length,
      isDelivery: true,
    })
  }
  return (
    <Table<Line>
      size="small"
      rowKey="place"
      dataSource={lines}
      columns={useColumns(price)}
      pagination={lines.length > 50 ? { pageSize: 50, size: 'small' } : false}
      scroll={{ x: 'max-content' }}
      aria-label={t('lines')}
    />
  )
}

function useColumns(price: Price): TableColumnsType<Line> {
  const { t } = useTranslation('orders')
  const formats = useFormats()
  const money = (minor: number) => formats.money(minor, price.currency)
  const nameOf = useOfferName(price)
  return [
    {
      key: 'what',
      title: t('line.what'),
      render: (_, one) =>
        one.isDelivery ? (
          t('line.delivery')
        ) : (
          <Flex vertical>
            <span>{one.sku ?? t('line.number', { number: one.place + 1 })}</span>
            <Typography.Text type="secondary">
              {[one.category, one.brand].filter(Boolean).join(' · ')}
            </Typography.Text>
          </Flex>
        ),
    },
    {
      key: 'quantity',
      title: t('line.quantity'),
      align: 'right',
      render: (_, one) => formats.count(one.quantity),
    },
    { key: 'price', title: t('total'), align: 'right', render: (_, one) => money(one.price) },
    {
      key: 'discounts',
      title: t('discount'),
      render: (_, one) =>
        one.discounts.length === 0 ? (
          '–'
        ) : (
          <Flex vertical>
            {one.discounts.map((part) => (
              <span key={part.offer}>
                −{money(part.off)} {nameOf(part.offer)}
              </span>
            ))}
          </Flex>
        ),
    },
    {
      key: 'points',
      title: t('byPoints'),
      align: 'right',
      render: (_, one) => (one.by_points ? money(one.by_points) : '–'),
    },
    {
      key: 'net',
      title: t('line.net'),
      align: 'right',
      render: (_, one) => <Typography.Text strong>{money(one.net)}</Typography.Text>,
    },
    {
      key: 'returned',
      title: t('line.returned'),
      align: 'right',
      render: (_, one) =>
        one.returned ? <Tag color="gold">{formats.count(one.returned)}</Tag> : '–',
    },
  ]
}
