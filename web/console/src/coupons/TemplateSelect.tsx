/** A coupon template, chosen by its name; searched for on the server when there are many. */
import { api } from '@regulars/shared/api/client'
import { keepPreviousData } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Template } from './terms'

interface Props {
  id?: string
  value?: string
  onChange?: (next?: string) => void
  /** What stands for it: its code or its id. */
  by: 'code' | 'template'
}

const SHOWN = 50

export function TemplateSelect({ id, value, onChange, by }: Props) {
  const { i18n } = useTranslation('coupons')
  const [sought, setSought] = useState('')
  const words = useDeferredValue(sought.trim())
  const found = api.useQuery(
    'get',
    '/v1/coupon-templates',
    { params: { query: { limit: SHOWN, state: 'active', ...(words ? { words } : {}) } } },
    { placeholderData: keepPreviousData },
  )
  return (
    <Select
      id={id}
      showSearch={{ filterOption: false, onSearch: setSought }}
      value={value || undefined}
      onChange={onChange}
      loading={found.isFetching}
      style={{ minWidth: 220 }}
      options={(found.data?.items ?? []).map((one) => ({
        value: one[by],
        label: `${nameOf(one, i18n.language)} (${one.code})`,
      }))}
    />
  )
}

function nameOf({ name }: Template, language: string): string {
  return (language === 'zh' ? name['zh-CN'] : undefined) ?? name.en ?? ''
}
