/** Which members are listed, and in which order; all of it stands in the address. */
import { FilterOutlined } from '@ant-design/icons'
import { Badge, Button, Card, Flex, InputNumber, Select, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ConditionBuilder } from '../conditions/ConditionBuilder'
import { useNames } from './program'
import { DaysBox } from '../shell/DaysBox'
import { useMay } from '../shell/session'
import { useMemberFields } from './fields'
import { FILTERS, isNarrow, SORTS, STATUSES, useAsked, type Sort, type Status } from './search'

interface Props {
  tiers: string[]
  currencies: string[]
}

export function MemberFilters({ tiers, currencies }: Props) {
  const named = useNames()
  const { t } = useTranslation('members')
  const [asked, write] = useAsked()
  const may = useMay()
  const [isOpen, setOpen] = useState(asked.condition !== '')
  const sorts = SORTS.filter((one) => may('ledger:read') || !one.endsWith('balance'))
  return (
    <Flex vertical gap="small" role="search" aria-label={t('filter.label')}>
      <Flex gap="small" wrap align="center">
        {tiers.length > 0 && (
          <Select
            mode="multiple"
            aria-label={t('filter.tier')}
            placeholder={t('filter.tier')}
            style={{ minWidth: 130 }}
            maxTagCount="responsive"
            value={asked.tiers}
            onChange={(next: string[]) => write({ tier: next.join(',') })}
            options={tiers.map((one) => ({ value: one, label: named(one) }))}
          />
        )}
        <Select<Status>
          allowClear
          aria-label={t('filter.status')}
          placeholder={t('filter.status')}
          style={{ minWidth: 110 }}
          value={asked.status}
          onChange={(next?: Status) => write({ status: next ?? '' })}
          options={STATUSES.map((one) => ({ value: one, label: t(`status.${one}`) }))}
        />
        <Days name="enrolled" from={asked.enrolledFrom} to={asked.enrolledTo} />
        <Days name="active" from={asked.activeFrom} to={asked.activeTo} />
        {may('ledger:read') && <Balance currencies={currencies} />}
        <Select<Sort>
          aria-label={t('filter.sort')}
          style={{ minWidth: 170 }}
          popupMatchSelectWidth={false}
          value={asked.sort}
          onChange={(next) => write({ sort: next === '-number' ? '' : next })}
          options={sorts.map((one) => ({ value: one, label: t(`sort.${one}`) }))}
        />
        <Badge dot={asked.condition !== ''}>
          <Button
            icon={<FilterOutlined />}
            aria-expanded={isOpen}
            aria-controls="members-condition"
            onClick={() => setOpen(!isOpen)}
          >
            {t('filter.condition')}
          </Button>
        </Badge>
        {isNarrow(asked) && (
          <Button type="link" onClick={() => write(FILTERS)}>
            {t('filter.clear')}
          </Button>
        )}
      </Flex>
      {isOpen && <Condition key={asked.condition} />}
    </Flex>
  )
}

/** Asked for when it is ready, and not at every letter. */
function Condition() {
  const { t } = useTranslation('members')
  const [asked, write] = useAsked()
  const [draft, setDraft] = useState(asked.condition)
  const fields = useMemberFields()
  if (!fields) return null
  return (
    <Card size="small" id="members-condition">
      <Flex vertical gap="small">
        <ConditionBuilder fields={fields} value={draft} onChange={setDraft} />
        <Flex gap="small" align="center" wrap>
          <Button
            type="primary"
            disabled={draft === asked.condition}
            onClick={() => write({ condition: draft.trim() })}
          >
            {t('filter.apply')}
          </Button>
          {asked.condition && (
            <Button onClick={() => write({ condition: '' })}>{t('filter.noCondition')}</Button>
          )}
          {draft && (
            <Typography.Text type="secondary" code style={{ wordBreak: 'break-word' }}>
              {draft}
            </Typography.Text>
          )}
        </Flex>
      </Flex>
    </Card>
  )
}

function Days(props: {
  name: 'enrolled' | 'active'
  from?: string | undefined
  to?: string | undefined
}) {
  const { t } = useTranslation('members')
  const [, write] = useAsked()
  const { name, from, to } = props
  return (
    <DaysBox
      label={t(`filter.${name}`)}
      hints={[t(`filter.${name}From`), t('filter.to')]}
      days={{ from, to }}
      onDays={(days) => write({ [`${name}From`]: days.from, [`${name}To`]: days.to })}
    />
  )
}

function Balance({ currencies }: { currencies: string[] }) {
  const { t } = useTranslation('members')
  const [asked, write] = useAsked()
  if (!currencies.length) return null
  return (
    <Flex gap={4} align="center">
      {currencies.length > 1 && (
        <Select
          aria-label={t('filter.currency')}
          value={asked.currency ?? currencies[0]}
          popupMatchSelectWidth={false}
          onChange={(currency: string) => write({ currency })}
          options={currencies.map((one) => ({ value: one, label: one }))}
        />
      )}
      <Amount name="least" />
      <span aria-hidden>–</span>
      <Amount name="most" />
    </Flex>
  )
}

function Amount({ name }: { name: 'least' | 'most' }) {
  const { t } = useTranslation('members')
  const [asked, write] = useAsked()
  const known = asked[name]
  const keep = (text: string) => {
    if (text !== (known ?? '') && /^-?\d*$/.test(text)) write({ [name]: text })
  }
  return (
    <InputNumber
      key={known ?? ''}
      aria-label={t(`filter.${name}`)}
      placeholder={t(`filter.${name}`)}
      style={{ width: 110 }}
      precision={0}
      controls={false}
      defaultValue={known === undefined ? undefined : Number(known)}
      onPressEnter={(event) => keep(event.currentTarget.value)}
      onBlur={(event) => keep(event.target.value)}
    />
  )
}
