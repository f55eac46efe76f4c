/** One booking: who comes, and whether they came. */
import { client, told, type Schemas } from '@regulars/shared/api/client'
import { App, Button, Flex, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ReasonModal } from '../shell/ReasonModal'
import { useMay } from '../shell/session'
import { useBenefitDeed } from './offered'

type Booking = Schemas['BookingAnswer']

export function BookingRow({ booking }: { booking: Booking }) {
  const { t } = useTranslation('benefits')
  const may = useMay()
  const { message } = App.useApp()
  const [isCancelling, cancelling] = useState(false)
  const settle = useBenefitDeed(
    (state: 'attended' | 'no_show') =>
      told(
        client.POST('/v1/bookings/{booking}/settle', {
          params: { path: { booking: booking.booking } },
          body: { state },
        }),
      ),
    (answer) => void message.success(t(`booking.${answer.state}`)),
  )
  const [now] = useState(() => Date.now())
  const hasBegun = Date.parse(booking.slot.starts_at) <= now
  return (
    <Flex gap="small" wrap align="center" justify="space-between" style={{ paddingBlock: 4 }}>
      <Flex gap="small" wrap align="center">
        <Link to={`/members/${booking.member}`}>
          <Typography.Text code>{booking.card ?? booking.member}</Typography.Text>
        </Link>
        <Tag>{t(`booking.${booking.state}`)}</Tag>
        {booking.why && <Typography.Text type="secondary">{booking.why}</Typography.Text>}
      </Flex>
      {may('desk:use') && booking.state !== 'cancelled' && (
        <Flex gap="small" wrap>
          {booking.state !== 'attended' && (
            <Button
              size="small"
              type="primary"
              loading={settle.isPending}
              onClick={() => settle.mutate('attended')}
            >
              {t('booking.came')}
            </Button>
          )}
          {booking.state !== 'no_show' && hasBegun && (
            <Button size="small" onClick={() => settle.mutate('no_show')}>
              {t('booking.missed')}
            </Button>
          )}
          {booking.state === 'booked' && (
            <Button size="small" onClick={() => cancelling(true)}>
              {t('booking.cancel')}
            </Button>
          )}
        </Flex>
      )}
      {isCancelling && <CancelModal booking={booking} onClose={() => cancelling(false)} />}
    </Flex>
  )
}

function CancelModal({ booking, onClose }: { booking: Booking; onClose: () => void }) {
  const { t } = useTranslation('benefits')
  const cancel = useBenefitDeed(
    (reason: string) =>
      told(
        client.POST('/v1/bookings/{booking}/cancel', {
          params: { path: { booking: booking.booking } },
          body: { reason },
        }),
      ),
    onClose,
  )
  return (
    <ReasonModal
      isOpen
      title={t('booking.cancelTitle')}
      deed={t('booking.cancelTitle')}
      isBusy={cancel.isPending}
      problem={cancel.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={(reason) => cancel.mutate(reason)}
    >
      <Typography.Text>{t('booking.cancelText')}</Typography.Text>
    </ReasonModal>
  )
}
