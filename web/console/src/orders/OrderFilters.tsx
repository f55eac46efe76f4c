/** What to search for among the orders. */
import { Button, DatePicker, Flex, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isNarrow, useSearch, type Name } from './asking'
import { STATES } from './StateTag'

const DAY = 'YYYY-MM-DD'
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
      <DatePicker.RangePicker
        aria-label={t('filter.days')}
        allowEmpty={[true, true]}
        value={[search.from ? dayjs(search.from) : null, search.to ? dayjs(search.to) : null]}
        onChange={(days) =>
          write({ from: days?.[0]?.format(DAY) ?? '', to: days?.[1]?.format(DAY) ?? '' })
        }
      />
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
