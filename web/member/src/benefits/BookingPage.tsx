/** Appointments for one benefit, day by day: one touch books, or moves what was booked. */
import { client } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams, useSearchParams } from 'react-router'

import { Empty, PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { told } from '../shell/told'
import { useRefreshed, useSlots, type Slot } from './benefits'
import { BookingsPanel } from './BookingsPanel'

export default function BookingPage() {
  const { t } = useTranslation('benefits')
  const { benefit = '' } = useParams()
  const moving = useSearchParams()[0].get('move')
  const navigate = useNavigate()
  const refreshed = useRefreshed()
  const found = useSlots(benefit)
  const book = useMutation({
    mutationFn: (slot: string) =>
      moving
        ? told(
            client.POST('/v1/me/bookings/{booking}/move', {
              params: { path: { booking: moving } },
              body: { slot },
            }),
          )
        : told(client.POST('/v1/me/bookings', { body: { slot } })),
    onSettled: refreshed,
    onSuccess: () =>
      void navigate(`/benefits/${encodeURIComponent(benefit)}/book`, { replace: true }),
  })
  const slots = found.data?.pages.flatMap((page) => page.items) ?? []
  const zone = found.data?.pages[0]?.time_zone
  return (
    <>
      <PageHead
        title={moving ? t('book.moveTitle') : t('book.title')}
        back={`/benefits/${encodeURIComponent(benefit)}`}
      />
      <BookingsPanel benefit={benefit} />
      <Refusal problem={book.error ?? found.error} retry={() => void found.refetch()} />
      {found.isPending ? <Skeleton lines={6} /> : null}
      {found.isSuccess && !slots.length ? <Empty text={t('book.none')} /> : null}
      <Days
        slots={slots}
        zone={zone}
        isBusy={book.isPending}
        onPick={(slot) => book.mutate(slot)}
      />
      {found.hasNextPage ? (
        <button type="button" className="button wide" onClick={() => void found.fetchNextPage()}>
          {t('book.more')}
        </button>
      ) : null}
    </>
  )
}

interface DaysProps {
  slots: Slot[]
  zone: string | undefined
  isBusy: boolean
  onPick: (slot: string) => void
}

function Days({ slots, zone, isBusy, onPick }: DaysProps) {
  const { t, i18n } = useTranslation('benefits')
  const { day } = useFormats()
  const days = new Map<string, Slot[]>()
  for (const slot of slots) {
    const on = day(slot.starts_at, zone)
    days.set(on, [...(days.get(on) ?? []), slot])
  }
  const time = new Intl.DateTimeFormat(i18n.language === 'zh' ? 'zh-CN' : 'en', {
    timeStyle: 'short',
    timeZone: zone,
  })
  return [...days].map(([on, those]) => (
    <Panel key={on} title={on}>
      <ul className="plain">
        {those.map((slot) => (
          <li key={slot.slot} className="withdeed">
            <span>
              <strong>
                {time.format(new Date(slot.starts_at))}–{time.format(new Date(slot.ends_at))}
              </strong>
              <small>
                {slot.place} · {slot.left ? t('book.left', { count: slot.left }) : t('book.full')}
              </small>
            </span>
            <button
              type="button"
              className="quiet"
              disabled={isBusy || !slot.left}
              aria-label={t('book.pickAt', {
                time: `${on} ${time.format(new Date(slot.starts_at))}`,
                place: slot.place,
              })}
              onClick={() => onPick(slot.slot)}
            >
              {t('book.pick')}
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  ))
}
