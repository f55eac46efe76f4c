/** Who used which benefit, when, where and by whose grant. */
import { api } from '@regulars/shared/api/client'
import { keepPreviousData } from '@tanstack/react-query'
import { Flex, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { stretchOf } from '../shell/days'
import { DaysBox } from '../shell/DaysBox'
import { PageHead } from '../shell/PageHead'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useUrlStates } from '../shell/urlState'
import { BenefitTabs } from './BenefitTabs'
import { MemberBox } from './MemberBox'
import { useChoices } from './offered'
import { UseTable } from './UseTable'

export function Component() {
  const { t } = useTranslation('benefits')
  const [read, write] = useUrlStates()
  const cursor = useCursor()
  const [from, to] = [read('from'), read('to')]
  const query = {
    member: read('member'),
    benefit: read('benefit'),
    partner: read('partner'),
    ...stretchOf({ from, to }),
    limit: 50,
    cursor,
  }
  const { data, error, isFetching, isPlaceholderData, refetch } = api.useQuery(
    'get',
    '/v1/benefit-uses',
    { params: { query } },
    { placeholderData: keepPreviousData },
  )
  return (
    <>
      <PageHead title={t('area')} sub={t('sub')} />
      <BenefitTabs active="uses" />
      <Flex vertical gap={12}>
        <Flex gap="small" wrap role="search" aria-label={t('filter.label')}>
          <MemberBox value={read('member') ?? ''} onSearch={(member) => write({ member })} />
          <Select
            allowClear
            aria-label={t('filter.benefit')}
            placeholder={t('filter.benefit')}
            style={{ minWidth: 160 }}
            value={read('benefit')}
            onChange={(benefit?: string) => write({ benefit: benefit ?? '' })}
            options={useChoices()}
          />
          <Input.Search
            key={read('partner') ?? ''}
            allowClear
            aria-label={t('filter.partner')}
            placeholder={t('filter.partner')}
            style={{ width: 160 }}
            defaultValue={read('partner') ?? ''}
            onSearch={(partner) => write({ partner: partner.trim() })}
          />
          <DaysBox label={t('filter.days')} days={{ from, to }} onDays={write} />
        </Flex>
        <ProblemAlert problem={error} onRetry={() => void refetch()} />
        {!error && <UseTable items={data?.items} isBusy={isFetching} />}
        <Pager next={data?.next} isOld={isPlaceholderData} />
      </Flex>
    </>
  )
}
