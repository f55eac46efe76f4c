/** How the program does: figures beside the span before, trends, what to look at, what happens. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData } from '@tanstack/react-query'
import { Alert, Button, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { Alerts } from './Alerts'
import { useAsked } from './asked'
import { FigureCards } from './FigureCards'
import { Live } from './Live'
import { RangeBar } from './RangeBar'
import type { Overview } from './series'
import { BusiestRules, TierMix } from './Shares'
import { Trends } from './Trends'

const LOOK_EVERY_MS = 30_000
/** While the past is still being summed. */
const SUMMING_MS = 3_000
const GRID = {
  display: 'grid',
  gap: 12,
  gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 420px), 1fr))',
  alignItems: 'start',
} as const

export function Component() {
  const { t } = useTranslation('overview')
  const { asked, currency } = useAsked()
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/overview',
    { params: { query: asked } },
    {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) =>
        state.data?.is_complete === false ? SUMMING_MS : LOOK_EVERY_MS,
    },
  )
  const shown = currency ?? data?.currencies[0]?.currency ?? ''
  if (isWithoutProgram(error)) return <WithoutProgram />
  return (
    <>
      <PageHead
        title={t('title')}
        sub={data && <Sub overview={data} />}
        extra={<RangeBar overview={data} />}
      />
      <Flex vertical gap={12}>
        <Alerts />
        <ProblemAlert problem={error} onRetry={() => void refetch()} />
        {data && !data.is_complete && <Alert type="info" showIcon title={t('incomplete')} />}
        {isEmpty(data) && <Begin />}
        <FigureCards overview={data} currency={shown} />
        <div style={GRID}>
          <Trends overview={data} currency={shown} />
          <TierMix overview={data} />
          <BusiestRules overview={data} currency={shown} />
          <Live />
        </div>
      </Flex>
    </>
  )
}

function Sub({ overview }: { overview: Overview }) {
  const { t } = useTranslation('overview')
  const formats = useFormats()
  const day = (text: string) => formats.day(text, 'UTC')
  return t('sub', {
    from: day(overview.span.from),
    to: day(overview.span.to),
    beforeFrom: day(overview.before.from),
    beforeTo: day(overview.before.to),
    zone: overview.time_zone,
  })
}

/** Nothing has ever come in: what brings the first figures. */
function Begin() {
  const { t } = useTranslation('overview')
  const may = useMay()
  return (
    <Nothing
      text={t('begin.text')}
      action={
        may('imports:write') && (
          <Link to="/imports">
            <Button type="primary">{t('begin.import')}</Button>
          </Link>
        )
      }
    />
  )
}

function WithoutProgram() {
  const { t } = useTranslation('overview')
  return (
    <>
      <PageHead title={t('title')} />
      <Nothing
        text={t('noProgram.text')}
        action={
          <Link to="/program">
            <Button type="primary">{t('noProgram.write')}</Button>
          </Link>
        }
      />
    </>
  )
}

function isWithoutProgram(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === 'no_program_in_force'
}

function isEmpty(overview: Overview | undefined): boolean {
  return overview?.is_complete === true && overview.members.total.now === 0
}
