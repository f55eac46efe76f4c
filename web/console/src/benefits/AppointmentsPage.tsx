/** The appointments of a day: who comes, who came; offered, called off, booked for somebody. */
import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { Button, DatePicker, Flex, Select, Skeleton } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { useUrlStates } from '../shell/urlState'
import { AppointmentCard } from './AppointmentCard'
import { BenefitTabs } from './BenefitTabs'
import { useChoices } from './offered'
import { OfferModal } from './OfferModal'

const DAY = 'YYYY-MM-DD'

export function Component() {
  const { t } = useTranslation('benefits')
  const may = useMay()
  const [isOffering, offer] = useState(false)
  const [read, write] = useUrlStates()
  const day = read('day') ?? dayjs().format(DAY)
  const { data, error, isPending, refetch } = api.useQuery(
    'get',
    '/v1/appointments/{day}',
    { params: { path: { day }, query: { benefit: read('benefit') } } },
    { staleTime: 5_000 },
  )
  const offerButton = may('offers:write') && (
    <Button type="primary" onClick={() => offer(true)}>
      {t('slot.offer')}
    </Button>
  )
  return (
    <>
      <PageHead title={t('area')} sub={t('sub')} extra={offerButton} />
      <BenefitTabs active="appointments" />
      <Flex vertical gap={12}>
        <Flex gap="small" wrap role="search" aria-label={t('filter.label')}>
          <DayBox day={day} onDay={(next) => write({ day: next })} />
          <Select
            allowClear
            aria-label={t('filter.benefit')}
            placeholder={t('filter.benefit')}
            style={{ minWidth: 160 }}
            value={read('benefit')}
            onChange={(benefit?: string) => write({ benefit: benefit ?? '' })}
            options={useChoices((one) => one.by_appointment)}
          />
        </Flex>
        <ProblemAlert problem={error} onRetry={() => void refetch()} />
        {isPending && <Skeleton active />}
        {data?.items.length === 0 && <Nothing text={t('slot.none')} action={offerButton} />}
        {data?.items.map((one) => (
          <AppointmentCard key={one.slot.slot} found={one} zone={data.time_zone} />
        ))}
      </Flex>
      {isOffering && (
        <OfferModal
          day={day}
          onDone={(made) => {
            offer(false)
            write({ day: made })
          }}
          onClose={() => offer(false)}
        />
      )}
    </>
  )
}

function DayBox({ day, onDay }: { day: string; onDay: (day: string) => void }) {
  const { t } = useTranslation('benefits')
  const shown = dayjs(day)
  return (
    <Flex gap={4}>
      <Button
        icon={<LeftOutlined />}
        aria-label={t('slot.dayBefore')}
        onClick={() => onDay(shown.subtract(1, 'day').format(DAY))}
      />
      <DatePicker
        aria-label={t('slot.day')}
        allowClear={false}
        value={shown}
        onChange={(next) => next && onDay(next.format(DAY))}
      />
      <Button
        icon={<RightOutlined />}
        aria-label={t('slot.dayAfter')}
        onClick={() => onDay(shown.add(1, 'day').format(DAY))}
      />
    </Flex>
  )
}
