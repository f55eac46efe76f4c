/** One appointment: how many places are left, and everybody who booked it. */
import { client, told, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { App, Button, Card, Flex, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ReasonModal } from '../shell/ReasonModal'
import { useMay } from '../shell/session'
import { BookModal } from './BookModal'
import { BookingRow } from './BookingRow'
import { useBenefitDeed } from './offered'

type Found = Schemas['SlotWithBookings']

export function AppointmentCard({ found, zone }: { found: Found; zone: string }) {
  const { t } = useTranslation('benefits')
  const formats = useFormats()
  const may = useMay()
  const [asking, ask] = useState<'book' | 'off'>()
  const { slot, bookings } = found
  const isOpen = !slot.closed_at
  return (
    <Card
      size="small"
      title={
        <Flex gap="small" wrap align="center">
          <span>{formats.moment(slot.starts_at, zone)}</span>
          <span>{slot.name}</span>
          <Typography.Text type="secondary">{slot.place}</Typography.Text>
          {isOpen ? (
            <Tag>{t('slot.left', { count: slot.left, capacity: slot.capacity })}</Tag>
          ) : (
            <Tag>{t('slot.calledOff', { why: slot.closed_why })}</Tag>
          )}
        </Flex>
      }
      extra={
        isOpen && (
          <Flex gap="small">
            {may('desk:use') && slot.left > 0 && (
              <Button size="small" onClick={() => ask('book')}>
                {t('slot.book')}
              </Button>
            )}
            {may('offers:write') && (
              <Button size="small" danger onClick={() => ask('off')}>
                {t('slot.callOff')}
              </Button>
            )}
          </Flex>
        )
      }
    >
      {bookings.length === 0 && (
        <Typography.Text type="secondary">{t('slot.nobody')}</Typography.Text>
      )}
      {bookings.map((one) => (
        <BookingRow key={one.booking} booking={one} />
      ))}
      {asking === 'book' && <BookModal slot={slot.slot} onClose={() => ask(undefined)} />}
      {asking === 'off' && <OffModal slot={slot} onClose={() => ask(undefined)} />}
    </Card>
  )
}

function OffModal({ slot, onClose }: { slot: Found['slot']; onClose: () => void }) {
  const { t } = useTranslation('benefits')
  const { message } = App.useApp()
  const close = useBenefitDeed(
    (reason: string) =>
      told(
        client.POST('/v1/slots/{slot}/call-off', {
          params: { path: { slot: slot.slot } },
          body: { reason },
        }),
      ),
    () => {
      void message.success(t('slot.off'))
      onClose()
    },
  )
  return (
    <ReasonModal
      isOpen
      isDanger
      title={t('slot.callOff')}
      deed={t('slot.callOff')}
      isBusy={close.isPending}
      problem={close.error}
      maxLength={300}
      onCancel={onClose}
      onConfirm={(reason) => close.mutate(reason)}
    >
      <Typography.Text>{t('slot.offText')}</Typography.Text>
    </ReasonModal>
  )
}
