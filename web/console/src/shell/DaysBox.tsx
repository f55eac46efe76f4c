/** Days from and to, either of them open: what lists are narrowed by. */
import { DatePicker } from 'antd'

import { DAY, dayOf, type Days } from './days'

interface Props {
  label: string
  days: Days
  /** What stands in the empty fields. */
  hints?: [string, string]
  /** Told of both ends; "" where one is open. */
  onDays: (next: Record<'from' | 'to', string>) => void
}

export function DaysBox({ label, days, hints, onDays }: Props) {
  return (
    <DatePicker.RangePicker
      aria-label={label}
      {...(hints && { placeholder: hints, style: { maxWidth: 270 } })}
      allowEmpty={[true, true]}
      value={[dayOf(days.from), dayOf(days.to)]}
      onChange={(next) =>
        onDays({ from: next?.[0]?.format(DAY) ?? '', to: next?.[1]?.format(DAY) ?? '' })
      }
    />
  )
}
