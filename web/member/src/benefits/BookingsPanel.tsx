/** The appointments that the member has booked, those to come first; moved and cancelled in time. */
import { client } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Panel, Refusal, Skeleton } from '../shell/parts'
import { told } from '../shell/told'
import { useBookings, useRefreshed, type Booking } from './benefits'

export function BookingsPanel({ benefit }: { benefit?: string }) {
  const { t } = useTranslation('benefits')
  const found = useBookings()
  const items = found.data?.items.filter((one) => !benefit || one.slot.benefit === benefit)
  if (items && !items.length) return null
  return (
    <Panel title={t('book.mine')}>
      {found.isPending ? <Skeleton lines={3} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      <ul className="plain">
        {items?.map((one) => (
          <Booked key={one.booking} booking={one} zone={found.data?.time_zone} />
        ))}
      </ul>
    </Panel>
  )
}

function Booked({ booking, zone }: { booking: Booking; zone: string | undefined }) {
  const { t } = useTranslation('benefits')
  const { moment } = useFormats()
  const refreshed = useRefreshed()
  const cancel = useMutation({
    mutationFn: () =>
      told(
        client.POST('/v1/me/bookings/{booking}/cancel', {
          params: { path: { booking: booking.booking } },
          body: {},
        }),
      ),
    onSettled: refreshed,
  })
  const { slot } = booking
  const moveTo = `/benefits/${encodeURIComponent(slot.benefit)}/book?move=${booking.booking}`
  return (
    <li className="withdeed">
      <span>
        <strong>{moment(slot.starts_at, zone)}</strong>
        <small>
          {slot.name} · {slot.place} · {t(`state.${booking.state}`)}
          {booking.state === 'cancelled' && slot.closed_why ? ` · ${slot.closed_why}` : ''}
        </small>
        {booking.can_change ? (
          <small>{t('book.changeUntil', { at: moment(slot.change_until, zone) })}</small>
        ) : null}
        <Refusal problem={cancel.error} />
      </span>
      {booking.can_change ? (
        <span>
          <Link className="quiet" to={moveTo}>
            {t('book.move')}
          </Link>
          <button
            type="button"
            className="quiet"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            {t('book.cancel')}
          </button>
        </span>
      ) : null}
    </li>
  )
}
