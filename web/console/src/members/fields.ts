/** The fields that a condition on members may look at, as the builder takes them. */
import { api } from '@regulars/shared/api/client'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import type { ConditionField, FieldType } from '../conditions/fields'

const TYPES: FieldType[] = ['string', 'int', 'bool', 'timestamp']

export function useMemberFields(): ConditionField[] | undefined {
  const { i18n } = useTranslation()
  const { data } = api.useQuery(
    'get',
    '/v1/members:fields',
    // The labels come in the language of the page.
    { headers: { 'Accept-Language': i18n.language } },
    { staleTime: 60_000 },
  )
  return useMemo(
    () =>
      data?.items.map((one) => ({
        name: one.name,
        label: one.label,
        type: TYPES.find((type) => type === one.type) ?? 'string',
        isOptional: one.optional,
        ...(one.values.length
          ? { values: one.values.map((value) => ({ value, label: value })) }
          : {}),
      })),
    [data],
  )
}
