/** What to search for among the transfers. */
import { Button, Flex, Input, InputNumber, Segmented, Select } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DaysBox } from '../shell/DaysBox'
import { ACCOUNTS, CODES, isNarrow, useSearch } from './search'
import { useProgram } from './zones'

export function TransferFilters() {
  const { t } = useTranslation('ledger')
  const [search, write] = useSearch()
  const program = useProgram()
  return (
    <Flex gap="small" wrap align="center" role="search" aria-label={t('filter.label')}>
      <Flex gap={4} align="center" wrap>
        <Segmented
          aria-label={t('filter.by')}
          size="middle"
          value={search.by}
          onChange={(by) => write({ by: by === 'recorded' ? by : '' })}
          options={[
            { value: 'effective', label: t('filter.effective'), title: t('filter.effectiveHint') },
            { value: 'recorded', label: t('filter.recorded'), title: t('filter.recordedHint') },
          ]}
        />
        <DaysBox label={t('filter.days')} days={search} onDays={write} />
      </Flex>
      <Select
        mode="multiple"
        aria-label={t('filter.kind')}
        placeholder={t('filter.kind')}
        style={{ minWidth: 150 }}
        maxTagCount="responsive"
        value={search.codes}
        onChange={(codes: string[]) => write({ code: codes.join(',') })}
        options={CODES.map((code) => ({ value: code, label: t(`code.${code}`) }))}
      />
      <Select
        allowClear
        aria-label={t('filter.currency')}
        placeholder={t('filter.currency')}
        style={{ minWidth: 110 }}
        value={search.currency}
        onChange={(currency?: string) => write({ currency: currency ?? '' })}
        options={(program?.currencies ?? []).map((one) => ({ value: one, label: one }))}
      />
      <Select
        allowClear
        aria-label={t('filter.account')}
        placeholder={t('filter.account')}
        style={{ minWidth: 120 }}
        value={search.account}
        onChange={(account?: string) => write({ account: account ?? '' })}
        options={ACCOUNTS.map((one) => ({ value: one, label: t(`account.${one}`) }))}
      />
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t('filter.rule')}
        placeholder={t('filter.rule')}
        style={{ minWidth: 150 }}
        popupMatchSelectWidth={false}
        value={search.rule}
        onChange={(rule?: string) => write({ rule: rule ?? '' })}
        options={(program?.rules ?? []).map((one) => ({ value: one.rule, label: one.name }))}
      />
      <MemberBox key={search.member ?? ''} />
      <Flex gap={4} align="center">
        <PointsBox name="least" />
        <span aria-hidden>–</span>
        <PointsBox name="most" />
      </Flex>
      {isNarrow(search) && (
        <Button
          type="link"
          onClick={() =>
            write({
              ...{ from: '', to: '', code: '', currency: '', account: '' },
              ...{ member: '', rule: '', least: '', most: '' },
            })
          }
        >
          {t('filter.clear')}
        </Button>
      )}
    </Flex>
  )
}

function MemberBox() {
  const { t } = useTranslation('ledger')
  const [search, write] = useSearch()
  const [text, setText] = useState(search.member ?? '')
  return (
    <Input.Search
      allowClear
      aria-label={t('filter.member')}
      placeholder={t('filter.memberHint')}
      style={{ width: 210 }}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onSearch={(member) => write({ member: member.trim() })}
    />
  )
}

function PointsBox({ name }: { name: 'least' | 'most' }) {
  const { t } = useTranslation('ledger')
  const [search, write] = useSearch()
  const known = search[name]
  const typed = useRef(known ?? '')
  const keep = () => {
    if (typed.current !== (known ?? '')) write({ [name]: typed.current })
  }
  return (
    <InputNumber<number>
      key={known ?? ''}
      aria-label={t(`filter.${name}`)}
      placeholder={t(`filter.${name}`)}
      style={{ width: 104 }}
      min={0}
      precision={0}
      controls={false}
      defaultValue={known === undefined ? undefined : Number(known)}
      onChange={(value) => (typed.current = value === null ? '' : String(value))}
      onPressEnter={keep}
      onBlur={keep}
    />
  )
}
