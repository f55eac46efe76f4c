/** What each rule gave, and of those that gave nothing the first reason. */
import { CheckOutlined, MinusOutlined } from '@ant-design/icons'
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Table, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { inWords, useForm } from '../forms/context'
import type { Rule } from '../forms/rules/summary'

export interface Given {
  rule: string
  points: number
  applied: boolean
  reason: string
  detail: string
}

interface Props {
  rules: Given[]
  /** What rules did beside giving points. */
  besides?: Schemas['GivenAnswer'][] | undefined
}

export function Explanation({ rules, besides = [] }: Props) {
  const { t } = useTranslation(['program', 'document', 'members'])
  const formats = useFormats()
  const name = useRuleName()
  const gave = (one: Given) => one.applied || besides.some((other) => other.rule === one.rule)
  return (
    <Table<Given>
      size="small"
      rowKey="rule"
      pagination={false}
      dataSource={[...rules].sort((one, other) => Number(gave(other)) - Number(gave(one)))}
      columns={[
        {
          key: 'rule',
          title: t('try.rule'),
          render: (_, one) => (
            <>
              {gave(one) ? <CheckOutlined /> : <MinusOutlined />} {name(one.rule)}
            </>
          ),
        },
        {
          key: 'points',
          title: t('try.points'),
          align: 'right',
          render: (_, one) => (one.applied ? formats.signed(one.points) : '–'),
        },
        {
          key: 'why',
          title: t('try.why'),
          render: (_, one) => (
            <>
              {one.reason && (
                <div>{t(`document:choices.${one.reason}`, { defaultValue: one.reason })}</div>
              )}
              <Typography.Text type="secondary">{one.detail}</Typography.Text>
              {besides
                .filter((other) => other.rule === one.rule)
                .map(({ kind, what }) => (
                  <div key={`${kind} ${what}`}>
                    {t(`members:why.gives.${kind as 'coupon'}`, { what })}
                  </div>
                ))}
            </>
          ),
        },
      ]}
    />
  )
}

/** A rule's name in the reader's language. */
export function useRuleName(): (id: string) => string {
  const { i18n } = useTranslation('program')
  const { value } = useForm()
  const rules = Array.isArray(value.rules) ? (value.rules as Rule[]) : []
  return (id) => inWords(rules.find((one) => one.id === id)?.name, i18n.language) || id
}

/** Points by currency: "+17 Points". */
export function useEarned(): (earned: Record<string, number>) => string {
  const { t, i18n } = useTranslation('program')
  const formats = useFormats()
  const { value } = useForm()
  const currencies = (value.currencies ?? {}) as Record<string, { name?: unknown }>
  return (earned) => {
    const parts = Object.entries(earned).map(
      ([code, points]) =>
        `${formats.signed(points)} ${inWords(currencies[code]?.name, i18n.language) || code}`,
    )
    return parts.join(', ') || t('try.nothing')
  }
}

export function useTierName(): (id: string | null | undefined) => string {
  const { i18n } = useTranslation('program')
  const { value } = useForm()
  const ladder = (value.tiers as { ladder?: { id?: unknown; name?: unknown }[] } | undefined)
    ?.ladder
  return (id) => inWords(ladder?.find((one) => one.id === id)?.name, i18n.language) || (id ?? '')
}
