/** Days chosen by hand; the calendar is fetched when somebody wants one. */
import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'

import { between, MOST_DAYS, type Asked } from './asked'

interface Props {
  asked: Asked
  choose: (next: Record<string, string>) => void
}

export default function ChosenDays({ asked, choose }: Props) {
  const { t } = useTranslation('overview')
  return (
    <DatePicker.RangePicker
      aria-label={t('range.custom')}
      allowClear={false}
      value={[dayjs(asked.from), dayjs(asked.to)]}
      disabledDate={(day, { from }) =>
        day.isAfter(dayjs(), 'day') ||
        (from !== undefined && Math.abs(day.diff(from, 'days')) >= MOST_DAYS)
      }
      onChange={(days) => {
        if (days?.[0] && days[1]) choose(between(days[0], days[1]))
      }}
    />
  )
}
