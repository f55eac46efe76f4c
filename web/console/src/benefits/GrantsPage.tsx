/** Benefits that single members were given, by hand or by a rule. */
import { api } from '@regulars/shared/api/client'
import { keepPreviousData } from '@tanstack/react-query'
import { Button, Flex, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { PageHead } from '../shell/PageHead'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { useUrlStates } from '../shell/urlState'
import { BenefitTabs } from './BenefitTabs'
import { GrantModal } from './GrantModal'
import { GrantTable } from './GrantTable'
import { MemberBox } from './MemberBox'
import { useChoices } from './offered'
import { RunModal } from './RunModal'
import { Runs } from './Runs'

const CARRIERS = ['person', 'rule', 'campaign'] as const

export function Component() {
  const { t } = useTranslation('benefits')
  const may = useMay()
  const [isGiving, give] = useState(false)
  const [isGivingMany, giveMany] = useState(false)
  const [read, write] = useUrlStates()
  const cursor = useCursor()
  const open = read('open')
  const query = {
    member: read('member'),
    benefit: read('benefit'),
    carrier: read('carrier'),
    is_open: open === undefined ? undefined : open === 'yes',
    limit: 50,
    cursor,
  }
  const { data, error, isFetching, isPlaceholderData, refetch } = api.useQuery(
    'get',
    '/v1/benefit-grants',
    { params: { query } },
    { placeholderData: keepPreviousData },
  )
  return (
    <>
      <PageHead
        title={t('area')}
        sub={t('sub')}
        extra={
          may('offers:write') && (
            <>
              <Button onClick={() => giveMany(true)}>{t('run.give')}</Button>
              <Button type="primary" onClick={() => give(true)}>
                {t('grant.give')}
              </Button>
            </>
          )
        }
      />
      <BenefitTabs active="grants" />
      <Flex vertical gap={12}>
        <Flex gap="small" wrap role="search" aria-label={t('filter.label')}>
          <MemberBox value={read('member') ?? ''} onSearch={(member) => write({ member })} />
          <Chosen name="benefit" choices={useChoices()} />
          <Chosen
            name="carrier"
            choices={CARRIERS.map((one) => ({ value: one, label: t(`carrier.${one}`) }))}
          />
          <Chosen
            name="open"
            choices={['yes', 'no'].map((one) => ({ value: one, label: t(`open.${one}`) }))}
          />
        </Flex>
        <ProblemAlert problem={error} onRetry={() => void refetch()} />
        {!error && <GrantTable items={data?.items} isBusy={isFetching} />}
        <Pager next={data?.next} isOld={isPlaceholderData} />
        <Runs />
      </Flex>
      {isGivingMany && <RunModal onClose={() => giveMany(false)} />}
      {isGiving && <GrantModal onClose={() => give(false)} />}
    </>
  )
}

interface ChosenProps {
  name: 'benefit' | 'carrier' | 'open'
  choices: { value: string; label: string }[]
}

function Chosen({ name, choices }: ChosenProps) {
  const { t } = useTranslation('benefits')
  const [read, write] = useUrlStates()
  return (
    <Select
      allowClear
      aria-label={t(`filter.${name}`)}
      placeholder={t(`filter.${name}`)}
      style={{ minWidth: 160 }}
      value={read(name)}
      onChange={(value?: string) => write({ [name]: value ?? '' })}
      options={choices}
    />
  )
}
