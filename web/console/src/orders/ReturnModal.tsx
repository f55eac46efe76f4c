/** Takes goods back: which lines, how many of each, and why. */
import { deedKey } from '@regulars/shared/api/client'
import { Checkbox, Flex, InputNumber, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ReasonModal } from '../shell/ReasonModal'
import { useReturn, type Order } from './asking'

interface Props {
  order: Order
  onClose: () => void
  onDone: (answer: Order) => void
}

export function ReturnModal({ order, onClose, onDone }: Props) {
  const { t } = useTranslation('orders')
  const left = order.price.lines.map((line) => line.quantity - line.returned)
  const [wanted, want] = useState<number[]>(() => left.map(() => 0))
  const [withDelivery, setWithDelivery] = useState(true)
  // One number for this return, however often the button is pressed.
  const [id] = useState(() => `console-${deedKey()}`)
  const back = useReturn(order.order, onDone)
  const lines = wanted.flatMap((quantity, line) => (quantity > 0 ? [{ line, quantity }] : []))
  const confirm = (reason: string) => {
    if (lines.length > 0) back.mutate({ id, lines, reason, with_delivery: withDelivery })
  }
  return (
    <ReasonModal
      isOpen
      title={t('return.title')}
      deed={t('return.deed')}
      isBusy={back.isPending}
      problem={back.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={confirm}
    >
      <Typography.Text>{t('return.text')}</Typography.Text>
      <Flex vertical gap={6} style={{ maxHeight: 320, overflowY: 'auto' }}>
        {order.price.lines.map((line, place) => {
          const name = line.sku ?? t('line.number', { number: place + 1 })
          return (
            <Flex key={place} justify="space-between" align="center" gap="small">
              <span>{name}</span>
              <InputNumber
                aria-label={t('return.quantityOf', { name })}
                min={0}
                max={left[place] ?? 0}
                precision={0}
                disabled={!left[place]}
                value={wanted[place] ?? 0}
                suffix={`/ ${String(left[place] ?? 0)}`}
                onChange={(value) =>
                  want((before) => before.map((one, at) => (at === place ? (value ?? 0) : one)))
                }
              />
            </Flex>
          )
        })}
      </Flex>
      {order.price.delivery.price > 0 && (
        <Checkbox
          checked={withDelivery}
          onChange={(event) => setWithDelivery(event.target.checked)}
        >
          {t('return.withDelivery')}
        </Checkbox>
      )}
      {lines.length === 0 && (
        <Typography.Text type="secondary">{t('return.chooseSome')}</Typography.Text>
      )}
    </ReasonModal>
  )
}
