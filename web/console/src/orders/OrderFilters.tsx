/** What to search for among the orders. */
import { Button, Flex, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DaysBox } from '../shell/DaysBox'
import { isNarrow, useSearch, type Name } from './asking'
import { STATES } from './StateTag'
const NOTHING = { from: '', to: '', state: '', member: '', store: '', id: '', coupon: '' }

export function OrderFilters() {
  const { t } = useTranslation('orders')
  const [search, write] = useSearch()
  return (
    <Flex gap="small" wrap align="center" role="search" aria-label={t('filter.label')}>
      <Select
        allowClear
        aria-label={t('filter.state')}
        placeholder={t('filter.state')}
        style={{ minWidth: 150 }}
        value={search.state}
        onChange={(state?: string) => write({ state: state ?? '' })}
        options={STATES.map((state) => ({ value: state, label: t(`state.${state}`) }))}
      />
      <DaysBox label={t('filter.days')} days={search} onDays={write} />
      {(['id', 'member', 'store', 'coupon'] as const).map((name) => (
        <Box key={`${name}:${search[name] ?? ''}`} name={name} />
      ))}
      {isNarrow(search) && (
        <Button type="link" onClick={() => write(NOTHING)}>
          {t('filter.clear')}
        </Button>
      )}
    </Flex>
  )
}

function Box({ name }: { name: Name }) {
  const { t } = useTranslation('orders')
  const [search, write] = useSearch()
  const [text, setText] = useState(search[name] ?? '')
  return (
    <Input.Search
      allowClear
      aria-label={t(`filter.${name}`)}
      placeholder={t(`filter.${name}`)}
      style={{ width: 170 }}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onSearch={(asked) => write({ [name]: asked.trim() })}
    />
  )
}
