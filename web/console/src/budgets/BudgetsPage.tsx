/** What the program and its campaigns may cost, and how far each budget is used up. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { Button, Flex, Segmented, Skeleton, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { useUrlState } from '../shell/urlState'
import { BudgetCard } from './BudgetCard'

type Budget = Schemas['BudgetAnswer']

const LOOK_EVERY_MS = 30_000
const PRESSING = 80

export function Component() {
  const { t } = useTranslation('budgets')
  const may = useMay()
  const [shown, show] = useUrlState('show', 'all')
  const { data, error, isPending, refetch } = api.useQuery(
    'get',
    '/v1/budgets',
    {},
    { refetchInterval: LOOK_EVERY_MS },
  )
  const all = data?.items ?? []
  const pressing = all.filter((one) => one.percent >= PRESSING)
  const listed = shown === 'pressing' ? pressing : all
  const design = may('program:draft') && (
    <Link to="/program">
      <Button>{t('design')}</Button>
    </Link>
  )
  return (
    <>
      <PageHead title={t('area')} sub={t('sub')} extra={design} />
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      {isPending && <Skeleton active />}
      {data?.items.length === 0 && <Nothing text={t('none')} action={design || undefined} />}
      {all.length > 0 && (
        <Flex vertical gap="middle">
          <Segmented
            aria-label={t('show.label')}
            style={{ alignSelf: 'flex-start' }}
            value={shown}
            onChange={show}
            options={[
              { value: 'all', label: t('show.all', { number: all.length }) },
              { value: 'pressing', label: t('show.pressing', { number: pressing.length }) },
            ]}
          />
          {listed.length === 0 && (
            <Typography.Text type="secondary">{t('show.nothing')}</Typography.Text>
          )}
          {named(listed).map(([name, limits]) => (
            <BudgetCard key={name} limits={limits} />
          ))}
        </Flex>
      )}
    </>
  )
}

/** The limits of one budget together, in the order in which they came. */
function named(items: Budget[]): [string, Budget[]][] {
  const found = new Map<string, Budget[]>()
  for (const one of items) {
    const key = `${one.is_own ? 'rule' : 'budget'}:${one.budget}`
    found.set(key, [...(found.get(key) ?? []), one])
  }
  return [...found]
}
