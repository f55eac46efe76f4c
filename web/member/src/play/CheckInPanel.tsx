/** The check-in of the day, and the month's calendar, where missed days may be made up for. */
import { useFormats } from '@regulars/shared/formats'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Notice, Panel, Refusal, Skeleton } from '../shell/parts'
import { useCalendar, useCheckIn, useMakeUp, type Progress } from './asking'
import { missed, monthBefore, weeksOf } from './days'

export function CheckInPanel() {
  const { t } = useTranslation('play')
  const [month, setMonth] = useState<string>()
  const calendar = useCalendar(month)
  const checkIn = useCheckIn()
  const found = calendar.data
  const isDone = found?.days.includes(found.today) ?? false
  const isNow = month === undefined
  return (
    <Panel title={t('checkIn.title')}>
      {calendar.isPending ? <Skeleton lines={5} /> : null}
      <Refusal problem={calendar.error} retry={() => void calendar.refetch()} />
      {found ? (
        <>
          {found.streaks.map((one) => (
            <p className="streak" key={one.rule}>
              <strong>{t('checkIn.running', { count: one.running })}</strong>
              <small>{one.says}</small>
            </p>
          ))}
          {isNow ? (
            <button
              type="button"
              className="button wide"
              disabled={isDone || checkIn.isPending}
              onClick={() => checkIn.mutate()}
            >
              {t(isDone ? 'checkIn.done' : 'checkIn.now')}
            </button>
          ) : null}
          {checkIn.data && !checkIn.data.repeated ? <Earned earned={checkIn.data.earned} /> : null}
          <Refusal problem={checkIn.error} />
          <Month
            month={found.month}
            today={found.today}
            days={found.days}
            madeUp={found.made_up}
            onEarlier={() => setMonth(monthBefore(found.month))}
            onNow={isNow ? undefined : () => setMonth(undefined)}
          />
          {found.streaks.map((one) => (
            <MakeUp
              key={one.rule}
              streak={one}
              days={missed(found.month, found.today, [...found.days, ...found.made_up])}
            />
          ))}
        </>
      ) : null}
    </Panel>
  )
}

function Earned({ earned }: { earned: { currency: string; amount: number }[] }) {
  const { t } = useTranslation('play')
  const formats = useFormats()
  const points = earned.reduce((sum, one) => sum + one.amount, 0)
  if (!points) return <Notice tone="good">{t('checkIn.counted')}</Notice>
  return <Notice tone="good">{t('checkIn.earned', { points: formats.count(points) })}</Notice>
}

interface MonthProps {
  month: string
  today: string
  days: string[]
  madeUp: string[]
  onEarlier: () => void
  onNow?: () => void
}

function Month({ month, today, days, madeUp, onEarlier, onNow }: MonthProps) {
  const { t, i18n } = useTranslation('play')
  const title = new Intl.DateTimeFormat(i18n.language, {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${month}-01T00:00:00Z`))
  return (
    <div className="month">
      <div className="withdeed">
        <strong>{title}</strong>
        <span>
          <button type="button" className="button second" onClick={onEarlier}>
            {t('checkIn.earlier')}
          </button>{' '}
          {onNow ? (
            <button type="button" className="button second" onClick={onNow}>
              {t('checkIn.present')}
            </button>
          ) : null}
        </span>
      </div>
      <table className="calendar">
        <caption className="unseen">{t('checkIn.calendar', { month: title })}</caption>
        <thead>
          <tr>
            {Array.from({ length: 7 }, (_, day) => (
              <th key={day} scope="col">
                {new Intl.DateTimeFormat(i18n.language, {
                  weekday: 'narrow',
                  timeZone: 'UTC',
                }).format(new Date(Date.UTC(2024, 0, day + 1)))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week.find(Boolean)}>
              {week.map((day, place) => (
                <td key={day ?? `empty-${place}`} className={markOf(day, { today, days, madeUp })}>
                  {day ? Number(day.slice(8)) : ''}
                  {day && days.includes(day) ? (
                    <span className="unseen">{t('checkIn.was')}</span>
                  ) : null}
                  {day && madeUp.includes(day) ? (
                    <span className="unseen">{t('checkIn.wasMadeUp')}</span>
                  ) : null}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function markOf(
  day: string | null,
  known: { today: string; days: string[]; madeUp: string[] },
): string {
  if (!day) return ''
  const marks = [day === known.today ? 'today' : '']
  if (known.days.includes(day)) marks.push('there')
  else if (known.madeUp.includes(day)) marks.push('there later')
  return marks.join(' ')
}

function MakeUp({ streak, days }: { streak: Progress; days: string[] }) {
  const { t } = useTranslation('play')
  const formats = useFormats()
  const makeUp = useMakeUp()
  const [day, setDay] = useState('')
  if (!streak.make_ups || !days.length) return <Refusal problem={makeUp.error} />
  const chosen = days.includes(day) ? day : (days[days.length - 1] ?? '')
  return (
    <form
      className="makeup"
      onSubmit={(event) => {
        event.preventDefault()
        makeUp.mutate({ rule: streak.rule, day: chosen })
      }}
    >
      <label className="field">
        <span>{t('checkIn.makeUpFor', { count: streak.make_ups })}</span>
        <select value={chosen} onChange={(event) => setDay(event.target.value)}>
          {days.map((one) => (
            <option key={one} value={one}>
              {formats.day(`${one}T00:00:00Z`, 'UTC')}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="button second" disabled={makeUp.isPending}>
        {streak.price
          ? t('checkIn.makeUpPrice', { points: formats.count(streak.price) })
          : t('checkIn.makeUp')}
      </button>
      {makeUp.data ? <Earned earned={makeUp.data.earned} /> : null}
      <Refusal problem={makeUp.error} />
    </form>
  )
}
